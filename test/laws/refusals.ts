import ts from 'typescript';
import type { z } from 'zod';
import { isSpec, type SourceTree } from './source-tree.ts';

/** The functions that make a refusal of a code: the code is an argument, and the last argument has the details. */
const makers = new Set(['Refusal', 'ineligible', 'refusalOf']);

/** Members of every problem document, which are no details. */
const everywhere = new Set(['field', 'errors']);

/**
 * Refusals in the sources whose details are not those that are declared for their code: an undeclared member, a missing
 * one, or an expression that the law cannot read.
 */
export function undeclaredDetails(tree: SourceTree, declared: Readonly<Record<string, z.ZodObject>>): string[] {
  const found: string[] = [];
  for (const [path, text] of tree) {
    if (isSpec(path) || ![...makers].some((maker) => text.includes(`${maker}(`))) continue;
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      const refusal = refusalAt(node);
      if (refusal) found.push(...faultsOf(refusal, declared).map((fault) => `${path}: ${refusal.code} ${fault}`));
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}

interface WrittenRefusal {
  readonly code: string;
  readonly details: ts.Expression | undefined;
}

function refusalAt(node: ts.Node): WrittenRefusal | undefined {
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return undefined;
  const maker = node.expression.getText();
  const [code, ...others] = node.arguments ?? [];
  if (!makers.has(maker) || !code || !ts.isStringLiteral(code)) return undefined;
  return { code: code.text, details: maker === 'Refusal' ? others[1] : others[0] };
}

function faultsOf({ code, details }: WrittenRefusal, declared: Readonly<Record<string, z.ZodObject>>): string[] {
  const shape = declared[code]?.shape ?? {};
  const literal = details === undefined || ts.isObjectLiteralExpression(details) ? details : undefined;
  if (details && !literal) return [`has details that are not written here: ${details.getText()}`];
  const written = (literal?.properties ?? []).flatMap(namesOf);
  const optional = new Set(written.filter((name) => name.endsWith('?')).map((name) => name.slice(0, -1)));
  const names = written.map((name) => name.replace('?', '')).filter((name) => !everywhere.has(name));
  const missing = Object.entries(shape)
    .filter(([name, member]) => !(member as z.ZodType).safeParse(undefined).success && !names.includes(name))
    .map(([name]) => `lacks ${name}`);
  const sometimes = [...optional]
    .filter((name) => shape[name] && !(shape[name] as z.ZodType).safeParse(undefined).success)
    .map((name) => `may lack ${name}`);
  return [...names.filter((name) => !shape[name]).map((name) => `has ${name}`), ...missing, ...sometimes];
}

/** The names that a member of an object literal writes, in the case of the wire; `?` after those of a condition. */
function namesOf(property: ts.ObjectLiteralElementLike): string[] {
  if (!ts.isSpreadAssignment(property)) return [snakeCase(property.name?.getText() ?? '')];
  const literals: ts.ObjectLiteralExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) literals.push(node);
    else ts.forEachChild(node, visit);
  };
  visit(property.expression);
  return literals.flatMap((literal) => literal.properties.flatMap(namesOf)).map((name) => `${name}?`);
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The sentence of each refusal that is written with its code, and of tables from codes to sentences. */
export function refusalSentences(tree: SourceTree): { readonly code: string; readonly sentence: string }[] {
  return [...tree].flatMap(([path, text]) => {
    if (isSpec(path)) return [];
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    const found: { code: string; sentence: string }[] = [];
    const visit = (node: ts.Node): void => {
      const [code, sentence] = sentenceAt(node) ?? [];
      if (code && sentence) found.push({ code, sentence: textOf(sentence, source) });
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

function sentenceAt(node: ts.Node): [string, ts.Expression] | undefined {
  if (ts.isPropertyAssignment(node)) {
    const name = node.name.getText();
    return /^[A-Z]+(_[A-Z]+)+$/.test(name) && isText(node.initializer) ? [name, node.initializer] : undefined;
  }
  if (!ts.isNewExpression(node) || node.expression.getText() !== 'Refusal') return undefined;
  const [code, sentence] = node.arguments ?? [];
  return code && sentence && ts.isStringLiteral(code) ? [code.text, sentence] : undefined;
}

function isText(node: ts.Node): boolean {
  return ts.isStringLiteral(node) || ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node);
}

/** A text, or of a constant of the file what it is made of. */
function textOf(node: ts.Expression, source: ts.SourceFile): string {
  if (!ts.isIdentifier(node)) return node.getText();
  let text = '';
  const visit = (one: ts.Node): void => {
    if (ts.isVariableDeclaration(one) && one.name.getText() === node.text) text += one.initializer?.getText() ?? '';
    ts.forEachChild(one, visit);
  };
  visit(source);
  return text;
}

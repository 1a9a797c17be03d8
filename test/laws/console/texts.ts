import ts from 'typescript';
import type { SourceTree } from '../source-tree.ts';

/** Attributes whose value a person reads. */
const readAttributes = new Set([
  'alt',
  'aria-description',
  'aria-label',
  'aria-roledescription',
  'aria-valuetext',
  'caption',
  'description',
  'intro',
  'label',
  'legend',
  'placeholder',
  'submit',
  'title',
]);

/** Words in any language: two letters in a row. Signs, units and single letters are none. */
const hasWords = (text: string) => /\p{L}{2}/u.test(text);

/** Texts for people that stand in the code of the pages in place of a catalogue. */
export function textsInCode(tree: SourceTree): string[] {
  return [...tree].flatMap(([path, text]) => {
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
    const found: string[] = [];
    const report = (node: ts.Node, words: string) => {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      if (hasWords(words)) found.push(`${path}:${line + 1}: ${words.trim()}`);
    };
    const visit = (node: ts.Node): void => {
      if (ts.isJsxText(node)) report(node, node.text);
      else if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent)) {
        for (const literal of literalsIn(node.expression)) report(literal, literal.text);
      } else if (ts.isJsxAttribute(node) && readAttributes.has(node.name.getText())) {
        for (const literal of literalsIn(attributeValue(node))) report(literal, literal.text);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
    return found;
  });
}

function attributeValue({ initializer }: ts.JsxAttribute): ts.Expression | undefined {
  return initializer && ts.isJsxExpression(initializer) ? initializer.expression : initializer;
}

/** The operators whose result is one of their sides, or both. */
const joins = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.PlusToken,
]);

/** The literals that an expression may show: its own, and those of its branches. */
function literalsIn(expression: ts.Expression | undefined): ts.LiteralLikeNode[] {
  if (!expression) return [];
  if (ts.isStringLiteral(expression) || ts.isNoSubstitutionTemplateLiteral(expression)) return [expression];
  if (ts.isTemplateExpression(expression)) {
    return [expression.head, ...expression.templateSpans.map(({ literal }) => literal)];
  }
  if (ts.isParenthesizedExpression(expression)) return literalsIn(expression.expression);
  if (ts.isConditionalExpression(expression)) {
    return [...literalsIn(expression.whenTrue), ...literalsIn(expression.whenFalse)];
  }
  if (ts.isBinaryExpression(expression) && joins.has(expression.operatorToken.kind)) {
    return [...literalsIn(expression.left), ...literalsIn(expression.right)];
  }
  return [];
}

/** A module of texts: texts, functions that make one, and groups of them. */
export interface Words {
  readonly [name: string]: unknown;
}

/** Where two languages differ in more than their words: a missing or another kind of text, or one left in English. */
export function untranslated(english: Words, other: Words, sameInBoth: ReadonlySet<string>, path = ''): string[] {
  const names = new Set([...Object.keys(english), ...Object.keys(other)]);
  return [...names].flatMap((name) => {
    const [one, two, place] = [english[name], other[name], `${path}${name}`];
    if (typeof one !== typeof two) return [`${place} is ${typeof one} in English and ${typeof two} in the other`];
    if (typeof one === 'object') return untranslated(one as Words, two as Words, sameInBoth, `${place}.`);
    if (typeof one !== 'string') return [];
    if (two === '') return [`${place} is empty`];
    return one === two && one.split(' ').length > 2 && !sameInBoth.has(one) ? [`${place} is left in English`] : [];
  });
}

/** A text of a catalogue with a count among its parameters. */
export interface CountText {
  readonly path: readonly string[];
  /** Whether each parameter is a count. */
  readonly counts: readonly boolean[];
}

/** Numbers that count nothing. */
const ordinals: ReadonlySet<string> = new Set(['version', 'position']);

/** The texts of an English catalogue that take a number which counts something. */
export function countTexts(source: string): CountText[] {
  return textFunctions(source).flatMap(({ path, parameters }) => {
    const counts = parameters.map(({ name, type }) => type === 'number' && !ordinals.has(name));
    return counts.includes(true) ? [{ path, counts }] : [];
  });
}

/** Texts that take a count as a text, which has lost its plural form. */
export function countsAsTexts(source: string): string[] {
  return textFunctions(source)
    .filter(({ parameters }) => parameters.some(({ name, type }) => name === 'count' && type !== 'number'))
    .map(({ path }) => `${path.join('.')} takes its count as a text`);
}

/** The texts that read of one as of two, or write a large number in another notation than that of their language. */
export function wrongCounts(
  words: Words,
  texts: readonly CountText[],
  withoutNoun: ReadonlySet<string>,
  language: string,
): string[] {
  const large = 1_234_567;
  const number = new Intl.NumberFormat(language).format(large);
  return texts.flatMap(({ path, counts }) => {
    const write = path.reduce<unknown>((group, name) => (group as Words)[name], words) as (...of: unknown[]) => string;
    const of = (count: number) => write(...counts.map((isCount) => (isCount ? count : 'text')));
    const name = path.join('.');
    if (!of(large).includes(number)) return [`${name} does not write numbers as the language does: ${of(large)}`];
    if (withoutNoun.has(path.at(-1) as string)) return [];
    return of(1).replace(/\d/g, '') === of(2).replace(/\d/g, '') ? [`${name} reads of one as of many: ${of(1)}`] : [];
  });
}

/** The functions of a catalogue that make texts: where they stand, and the names and types of their parameters. */
function textFunctions(source: string) {
  const file = ts.createSourceFile('words.ts', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const found: { path: string[]; parameters: { name: string; type: string | undefined }[] }[] = [];
  const visit = (node: ts.Node, path: readonly string[]): void => {
    const within =
      ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node) ? [...path, node.name.getText()] : path;
    if (ts.isArrowFunction(node)) {
      const parameters = node.parameters.map(({ name, type }) => ({ name: name.getText(), type: type?.getText() }));
      found.push({ path: within.filter((name) => name !== 'words'), parameters });
    }
    ts.forEachChild(node, (child) => visit(child, within));
  };
  visit(file, []);
  return found;
}

import ts from 'typescript';
import { isSpec, type SourceTree } from './source-tree.ts';

type Reasons = Readonly<Record<string, string>>;

/** Files that may rename columns, for statements of a hot path that read many columns. */
const mayRename: Reasons = {
  'apps/promotions/src/redemptions/redemptions.store.ts': 'hot: holding and redeeming read rules and redemptions',
  'libs/messaging/src/publishing/relay.ts': 'hot: a row of the outbox is published as it was read',
};

/** Files that may assemble SQL: what they add is constant, or cannot be a parameter. */
const mayAssemble: Reasons = {
  'apps/payments/src/verification/verify-ledger.ts':
    'adds one limit to each query of an invariant, all of them constants',
  'libs/persistence/src/invariant-checks.ts':
    'counts the table that a check names; the name of a table is no parameter',
  'libs/persistence/src/provision.ts': 'roles and databases are no parameters; names and passwords are escaped',
  'libs/persistence/src/migrate.ts': 'create database takes no parameter; the name is escaped',
};

/**
 * Where a statement in TypeScript is assembled from parts, or renames columns to properties by hand. Rows are read by
 * typed queries, whose names come from the entities; a plain statement is one constant text, and its rows are mapped
 * where they are read. The parameters of Kysely's `sql` are bound and no part of the text.
 */
export function assembledSql(tree: SourceTree): string[] {
  return [...tree]
    .filter(([path]) => !isSpec(path))
    .flatMap(([path, text]) => faultsIn(path, text))
    .filter(({ path, exceptions }) => !(path in exceptions))
    .map(({ path, line, fault }) => `${path}:${line}: ${fault}`);
}

/** The exceptions that no fault needs any more. */
export function idleExceptions(tree: SourceTree): string[] {
  const faults = [...tree].flatMap(([path, text]) => faultsIn(path, text));
  return [mayRename, mayAssemble].flatMap((exceptions) =>
    Object.keys(exceptions).filter(
      (path) => !faults.some((fault) => fault.path === path && fault.exceptions === exceptions),
    ),
  );
}

interface Fault {
  readonly path: string;
  readonly line: number;
  readonly fault: string;
  /** The files that may have such a fault. */
  readonly exceptions: Reasons;
}

function faultsIn(path: string, text: string): Fault[] {
  if (!/\b(select|insert|update|delete|query|raw)\b/.test(text)) return [];
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: Fault[] = [];
  const add = (node: ts.Node, fault: string, exceptions = mayAssemble) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    found.push({ path, line: line + 1, fault, exceptions });
  };
  const visit = (node: ts.Node): void => {
    const renamed = isText(node) && /\bas "[a-z]+[A-Z]\w*"/i.exec(node.text)?.[0];
    if (renamed && /[a-z][A-Z]/.test(renamed)) add(node, `renames a column ${renamed}`, mayRename);
    if (isAssembled(node)) add(node, 'assembles SQL');
    if (ts.isPropertyAccessExpression(node) && node.getText() === 'sql.raw') add(node, 'writes raw SQL');
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** A string, or a piece of a template. */
function isText(node: ts.Node): node is ts.Node & { readonly text: string } {
  return (
    ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node)
  );
}

/** A template with parts, or a sum of texts, that is a statement or is run as one. */
function isAssembled(node: ts.Node): boolean {
  if (ts.isTemplateExpression(node)) {
    if (ts.isTaggedTemplateExpression(node.parent)) return false;
    return isRun(node) || isSql([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…'));
  }
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return false;
  return isRun(node) || [node.left, node.right].some((side) => isText(side) && isSql(side.text));
}

/** The first argument of a call of `query`. */
function isRun({ parent }: ts.Node): boolean {
  if (!ts.isCallExpression(parent) || !ts.isPropertyAccessExpression(parent.expression)) return false;
  return parent.expression.name.text === 'query';
}

function isSql(text: string): boolean {
  return (
    /^\s*(select|insert into|update \w+ set|delete from|with \w+ as) /.test(text) ||
    /\b(from|join|update|into) \w+( \w+)?\s+(where|set|order by|group by|values|limit|join|cross join|left join)\b/.test(
      text,
    )
  );
}

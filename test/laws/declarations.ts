import ts from 'typescript';
import { isSpec, type SourceTree } from './source-tree.ts';

const constructorParametersMax = 5;

/** What has to say of itself what it takes, gives and refuses: libraries, the domain and use cases. */
function isDocumented(path: string, text: string): boolean {
  if (isSpec(path)) return false;
  if (path.startsWith('libs/')) return true;
  if (!path.startsWith('apps/')) return false;
  return path.includes('/domain/') || /^ {2}(async )?execute\(/m.test(text);
}

/** Exported functions and classes without a docstring. */
export function undocumentedExports(tree: SourceTree): string[] {
  return [...tree]
    .filter(([path, text]) => isDocumented(path, text))
    .flatMap(([path, text]) =>
      exportedDeclarations(path, text)
        .filter((declaration) => ts.getJSDocCommentsAndTags(declaration).length === 0)
        .map((declaration) => `${path}: ${declaration.name?.text}`),
    );
}

/** Overloads and the function behind them are one: the first of them carries the docstring. */
function exportedDeclarations(path: string, text: string): (ts.FunctionDeclaration | ts.ClassDeclaration)[] {
  const names = new Set<string | undefined>();
  return parsed(path, text).statements.filter(
    (statement): statement is ts.FunctionDeclaration | ts.ClassDeclaration => {
      if (!ts.isFunctionDeclaration(statement) && !ts.isClassDeclaration(statement)) return false;
      const isExported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
      const isFirst = !names.has(statement.name?.text);
      names.add(statement.name?.text);
      return isExported && isFirst;
    },
  );
}

/** Classes that are handed more than a reader can hold: one of their jobs belongs into a class of its own. */
export function longConstructors(tree: SourceTree): string[] {
  const found: string[] = [];
  for (const [path, text] of tree) {
    const visit = (node: ts.Node, name: string): void => {
      if (ts.isConstructorDeclaration(node) && node.parameters.length > constructorParametersMax) {
        found.push(`${path}: ${name} takes ${node.parameters.length}`);
      }
      ts.forEachChild(node, (child) => visit(child, ts.isClassLike(node) ? (node.name?.text ?? 'a class') : name));
    };
    visit(parsed(path, text), '');
  }
  return found;
}

function parsed(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

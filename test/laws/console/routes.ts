import type { SourceTree } from '../source-tree.ts';

/** The paths of all routes that the areas of the pages declare. */
export function routesOf(tree: SourceTree): string[] {
  return [...tree.values()].flatMap((text) =>
    [...text.matchAll(/\bpath: '([^']+)'/g)].map(([, path]) => path as string),
  );
}

/** The operations of the API whose names stand in the code of the pages. */
export function operationsIn(tree: SourceTree, operations: readonly string[]): Set<string> {
  const texts = [...tree.values()].join('\n');
  return new Set(operations.filter((operation) => texts.includes(`'${operation}'`)));
}

import type { SourceTree } from '../source-tree.ts';

/** The paths of all routes that the areas of the pages declare. */
export function routesOf(tree: SourceTree): string[] {
  return [...tree.values()].flatMap((text) =>
    [...text.matchAll(/\bpath: '([^']+)'/g)].map(([, path]) => path as string),
  );
}

/** By route, the parameters of its address that it reads, in the code of the areas. */
export function parametersOf(tree: SourceTree): Map<string, string[]> {
  const routes = [...tree.values()].flatMap((text) => text.split('createRoute({').slice(1));
  return new Map(
    routes.map((route): [string, string[]] => {
      const [own = ''] = route.split('component:');
      const path = /\bpath: '([^']+)'/.exec(own)?.[1] ?? '';
      return [
        path,
        [...own.matchAll(/\b(\w+): \w+\((?:[^()]|\([^()]*\))*\bsearch\.\1\)/g)].map(([, name]) => name as string),
      ];
    }),
  );
}

/** The operations of the API whose names stand in the code of the pages. */
export function operationsIn(tree: SourceTree, operations: readonly string[]): Set<string> {
  const texts = [...tree.values()].join('\n');
  return new Set(operations.filter((operation) => texts.includes(`'${operation}'`)));
}

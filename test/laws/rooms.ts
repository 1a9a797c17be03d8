import { basename, dirname } from 'node:path';
import { importsOf, isSpec, type SourceTree } from './source-tree.ts';

/** What a reader takes in at a glance. */
const filesPerFolderMax = 14;
const specLinesMax = 400;

/** Folders with more files than a reader takes in at a glance; specs stand beside what they test and do not count. */
export function crowdedFolders(tree: SourceTree): string[] {
  const counts = Map.groupBy(
    [...tree.keys()].filter((path) => !isSpec(path)),
    dirname,
  );
  return [...counts]
    .filter(([, files]) => files.length > filesPerFolderMax)
    .map(([folder, files]) => `${folder} holds ${files.length} files`);
}

/** Two files of one name inside an app or a library, which a search or an editor's tab cannot distinguish. */
export function ambiguousNames(tree: SourceTree): string[] {
  const sources = [...tree.keys()].filter((path) => /^(apps|libs)\/[^/]+\/src\//.test(path) && !isSpec(path));
  const places = Map.groupBy(sources, (path) => `${path.split('/', 2).join('/')}: ${basename(path)}`);
  return [...places].filter(([, paths]) => paths.length > 1).map(([name]) => name);
}

/** Specs that test more than one subject at once: a subject fits into so many lines. */
export function longSpecs(tree: SourceTree): string[] {
  return [...tree]
    .filter(([path]) => isSpec(path))
    .map(([path, text]) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > specLinesMax)
    .map(({ path, lines }) => `${path} has ${lines} lines`);
}

/**
 * Neighbouring folders that import each other, directly or around a circle. Imports are lifted to the folders that are
 * neighbours: `orders/opening/open-order.ts` → `classes/classes.store.ts` is `orders` → `classes`. A file beside the
 * folders belongs to the folder around them, so a module may import its sub-folders, and they its store.
 */
export function folderCircles(tree: SourceTree): string[] {
  const edges = new Map<string, Set<string>>();
  for (const path of tree.keys()) {
    if (isSpec(path) || !isProduct(path)) continue;
    for (const target of importsOf(tree, path)) {
      if (!isProduct(target)) continue;
      const [from, to] = neighbours(dirname(path).split('/'), dirname(target).split('/'));
      if (!from || !to) continue;
      edges.set(from, (edges.get(from) ?? new Set()).add(to));
    }
  }
  const circles = [...edges.keys()].flatMap((folder) => shortestCircle(edges, folder) ?? []);
  return [...new Set(circles)].sort();
}

/** Tests and tools look into everything that they start, and are looked into by nothing that runs for a user. */
function isProduct(path: string): boolean {
  return /^(apps|libs)\/[^/]+\/src\//.test(path);
}

/** The folders below the last common one, in which the two folders lie. */
function neighbours(from: readonly string[], to: readonly string[]): [string?, string?] {
  const shared = from.findIndex((name, index) => name !== to[index]);
  if (shared === -1 || shared === to.length) return [];
  return [from.slice(0, shared + 1).join('/'), to.slice(0, shared + 1).join('/')];
}

/** The shortest way from a folder back to itself, beginning with its alphabetically first folder. */
function shortestCircle(edges: ReadonlyMap<string, ReadonlySet<string>>, start: string): string | undefined {
  const ways: string[][] = [[start]];
  const visited = new Set<string>();
  for (let way = ways.shift(); way; way = ways.shift()) {
    for (const next of edges.get(way.at(-1) as string) ?? []) {
      if (next === start) {
        const first = way.indexOf([...way].sort()[0] as string);
        const circle = [...way.slice(first), ...way.slice(0, first)];
        return [...circle, circle[0]].join(' → ');
      }
      if (visited.has(next)) continue;
      visited.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}

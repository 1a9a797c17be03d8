import { globSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The text of each file, by its path in the project. A law reads it, and a spec plants a violation in a small one. */
export type SourceTree = ReadonlyMap<string, string>;

/** The files of the project that match the patterns. */
export function sourceTree(...patterns: readonly string[]): SourceTree {
  const paths = patterns.flatMap((pattern) => globSync(pattern, { cwd: root })).sort();
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

/** All TypeScript of apps, libraries, tests and tools. */
export const typescript = '{apps,libs,test,tools}/**/*.{ts,tsx}';

export function isSpec(path: string): boolean {
  return path.endsWith('.spec.ts');
}

/**
 * The files of the tree that a file imports, type imports included. Both ways to name a file are resolved: relative
 * paths, and the `#library/…` imports of package.json.
 */
export function importsOf(tree: SourceTree, path: string): string[] {
  const specifiers = [...(tree.get(path) ?? '').matchAll(/\b(?:from|import)\s*\(?\s*'((?:\.|#)[^']+)'/g)];
  return specifiers.flatMap(([, specifier]) => {
    const target = (specifier as string).startsWith('#')
      ? (specifier as string).replace(/^#([^/]+)\//, 'libs/$1/src/')
      : posix.join(dirname(path), specifier as string);
    return [target, target.replace(/\.js$/, '.ts')].filter((candidate) => tree.has(candidate)).slice(0, 1);
  });
}

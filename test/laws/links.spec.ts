import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { type SourceTree, sourceTree } from './source-tree.ts';

const root = join(import.meta.dirname, '../..');

/** Links of documents to files of the project that do not exist. */
function brokenLinks(documents: SourceTree, exists: (path: string) => boolean): string[] {
  return [...documents].flatMap(([path, text]) =>
    [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link]) => (link as string).split('#')[0] as string)
      .filter((link) => link !== '' && !/^[a-z]+:/.test(link))
      .filter((link) => !exists(join(dirname(path), link)))
      .map((link) => `${path}: ${link}`),
  );
}

it('a link in a document leads to a file', () => {
  const documents = sourceTree('*.md', '{apps,libs,test,tools,deploy,docs}/**/*.md');
  expect(brokenLinks(documents, (path) => existsSync(join(root, path)))).toEqual([]);
});

it('a broken link is found', () => {
  const documents = new Map([
    ['docs/a.md', '[here](b.md#part) [there](../c.md) [web](https://example.org) [below](#part)'],
  ]);
  expect(brokenLinks(documents, (path) => path === 'docs/b.md')).toEqual(['docs/a.md: ../c.md']);
});

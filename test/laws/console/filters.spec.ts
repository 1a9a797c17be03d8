import { expect, it } from '@jest/globals';
import { type SourceTree, sourceTree } from '../source-tree.ts';

/**
 * Text fields that change the address with each letter, and so send a request for each. `SearchField` waits for a
 * pause; a day is whole when it changes.
 */
function eagerFilters(tree: SourceTree): string[] {
  return [...tree].flatMap(([path, text]) =>
    [...text.matchAll(/<TextField\b(?:(?!\/>)[\s\S])*?\/>/g)]
      .map(([field]) => field)
      // A filter without a text is not in the address.
      .filter((field) => /onChange=\{[^}]*\|\| undefined/.test(field))
      .filter((field) => !/type="date"/.test(field))
      .map((field) => `${path}: ${/label=\{([^}]*)\}/.exec(field)?.[1]}`),
  );
}

it('a text that filters a list is searched after a pause', () => {
  const pages = sourceTree('apps/console/web/src/screens/**/*.tsx');
  expect(pages.size).toBeGreaterThan(50);
  expect(eagerFilters(pages)).toEqual([]);
});

it('a field that searches with each letter is found', () => {
  const planted = `
    <TextField label={words.search} value={search} onChange={(typed) => set({ search: typed || undefined })} />
    <TextField type="date" label={words.from} value={from} onChange={(day) => change({ from: day })} />
    <TextField label={words.name} {...form.field('name')} />`;
  expect(eagerFilters(new Map([['page.tsx', planted]]))).toEqual(['page.tsx: words.search']);
});

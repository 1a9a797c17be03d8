import { expect, it } from '@jest/globals';
import { bannedWords, dialect, formerProperties } from './banned-words.ts';
import { sourceTree } from './source-tree.ts';

const project = sourceTree('*.md', '{apps,libs,test,tools,deploy}/**/*.{ts,tsx,mjs,sql,md}', 'docs/**/*.md');

it('the code speaks the words of its field', () => {
  const elsewhere = new Map([...project].filter(([path]) => !path.startsWith('test/laws/banned-words')));
  expect(dialect(elsewhere)).toEqual([]);
});

it('a banned word is found in a sentence and inside of a name', () => {
  const planted = new Map([
    ['a.ts', '// Nobody was told.\nconst toldAt = told_at;\nclass Untold {}'],
    ['b.md', 'A factory that satisfies.'],
    ['c.sql', 'kept_aside boolean'],
  ]);
  expect(dialect(planted)).toEqual([
    `a.ts:1: told (write: ${bannedWords.told})`,
    `a.ts:2: told (write: ${bannedWords.told})`,
    `c.sql:1: kept aside (write: ${bannedWords['kept aside']})`,
  ]);
});

it.each(['docs/openapi.json', 'docs/asyncapi.json'])('no property in %s has a name that was replaced', (path) => {
  expect(formerProperties([...sourceTree(path).values()].join())).toEqual([]);
});

it('a replaced name is found among the properties of a schema', () => {
  expect(formerProperties('"properties": {\n  "says": {\n    "type": "string"')).toEqual(['says']);
});

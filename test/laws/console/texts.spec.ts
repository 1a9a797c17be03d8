import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isSpec, type SourceTree, sourceTree } from '../source-tree.ts';
import { textsInCode, untranslated, type Words } from './texts.ts';

const root = join(import.meta.dirname, '../../..');
const web = 'apps/console/web/src';

/** Sentences that are the same in both languages. */
const sameInBoth: ReadonlySet<string> = new Set();

describe('a text of the console', () => {
  it('stands in a catalogue', () => {
    const pages = sourceTree(`${web}/**/*.tsx`);
    expect(pages.size).toBeGreaterThan(10);
    expect(textsInCode(pages)).toEqual([]);
  });

  const english = sourceTree(`${web}/messages/en/**/*.ts`);
  // Of refusals, and of its own sentences, the server has the English text.
  const ofServer: readonly string[] = ['refusals', 'sentences'];
  const areas = [...english.keys()].map((path) => [basename(path, '.ts'), path] as const);
  it.each(areas.filter(([area]) => !ofServer.includes(area)))(
    'of the area %s is there in German as well',
    async (_, path) => {
      const [one, two] = await Promise.all(
        ['en', 'de'].map((language) => import(join(root, path.replace('/en/', `/${language}/`)))),
      );
      expect(untranslated(one.words as Words, two.words as Words, sameInBoth)).toEqual([]);
    },
  );

  it('is in English for every German one', () => {
    const names = (tree: SourceTree) => [...tree.keys()].filter((path) => !isSpec(path)).map((path) => basename(path));
    expect(names(sourceTree(`${web}/messages/de/**/*.ts`))).toEqual(names(english));
  });
});

describe('a text in the code of a page', () => {
  it('is found wherever a person reads it', () => {
    const planted = `
      const page = (
        <Page title="Orders" className="wide">
          Nothing here
          {isFull ? 'Full' : words.free} {\`\${count} seats\`} {count > 0 && 'left'} × €
          <Button aria-label={open ? 'Close' : words.open} type="button" />
        </Page>
      );`;
    expect(textsInCode(new Map([['page.tsx', planted]]))).toEqual([
      'page.tsx:3: Orders',
      'page.tsx:4: Nothing here',
      'page.tsx:5: Full',
      'page.tsx:5: seats',
      'page.tsx:5: left',
      'page.tsx:6: Close',
    ]);
  });
});

describe('a translation', () => {
  it('lacks nothing and leaves no sentence in English', () => {
    const one = {
      title: 'Orders',
      text: 'Nothing is here yet',
      states: { open: 'Open' },
      count: (n: number) => `${n}`,
    };
    const two = { title: 'Orders', text: 'Nothing is here yet', states: {}, count: '' };
    expect(untranslated(one, two, new Set())).toEqual([
      'text is left in English',
      'states.open is string in English and undefined in the other',
      'count is function in English and string in the other',
    ]);
    expect(untranslated(one, { ...one, text: 'Noch ist nichts da' }, new Set())).toEqual([]);
  });
});

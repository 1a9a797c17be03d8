import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isSpec, type SourceTree, sourceTree } from '../source-tree.ts';
import { countsAsTexts, countTexts, textsInCode, untranslated, type Words, wrongCounts } from './texts.ts';

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

/** Texts that count no noun: one reads as many do. */
const withoutNoun: ReadonlySet<string> = new Set([
  'maxUses',
  'barOf',
  'seatsLeft',
  'unlimited',
  'seatsOf',
  'doneOf',
  'moreSubjects',
  'milliseconds',
  'periodOpens',
  'periodNumber',
  'ofPeriod',
]);

describe('a text with a count', () => {
  const english = sourceTree(`${web}/messages/en/**/*.ts`);

  it.each(['en', 'de'])('has its plural forms and the notation of its language: %s', async (language) => {
    let checked = 0;
    for (const [path, source] of english) {
      const texts = countTexts(source);
      if (texts.length === 0) continue;
      const { words } = await import(join(root, path.replace('/en/', `/${language}/`)));
      expect([path, wrongCounts(words as Words, texts, withoutNoun, language)]).toEqual([path, []]);
      checked += texts.length;
    }
    expect(checked).toBeGreaterThan(10);
  });

  it('takes the count as a number', () => {
    expect([...english.values()].flatMap(countsAsTexts)).toEqual([]);
  });

  it('of a size in a schema has them as well', async () => {
    const [one, two] = await Promise.all(
      ['en', 'de'].map((name) => import(join(root, web, `messages/${name}/rules.ts`))),
    );
    const fault = ({ words }: typeof one, keyword: string) =>
      [1, 2].map((size) => words.schemaForm.fault(keyword, size));
    expect(fault(one, 'minItems')).toEqual(['Must have at least 1 item.', 'Must have at least 2 items.']);
    expect(fault(two, 'maxProperties')).toEqual(['Höchstens 1 Angabe.', 'Höchstens 2 Angaben.']);
  });

  it('is found where it lacks a form or a notation', () => {
    const source = `
      export const words = {
        rows: (count: number) => \`\${count} rows\`,
        hours: (hours: number) => hours === 1 ? '1 hour' : \`\${hours} hours\`,
        of: { all: (name: string, count: number) => \`\${name}: \${count}\` },
        version: (version: number) => \`Version \${version}\`,
        failed: (count: string) => \`\${count} failed\`,
      };`;
    expect(countTexts(source).map(({ path }) => path.join('.'))).toEqual(['rows', 'hours', 'of.all']);
    expect(countsAsTexts(source)).toEqual(['failed takes its count as a text']);
    const words = {
      rows: (count: number) => `${new Intl.NumberFormat('en').format(count)} rows`,
      hours: (hours: number) => (hours === 1 ? '1 hour' : `${hours} hours`),
      of: { all: (name: string, count: number) => `${name}: ${count}` },
    };
    expect(wrongCounts(words, countTexts(source), new Set(['all']), 'en')).toEqual([
      'rows reads of one as of many: 1 rows',
      'hours does not write numbers as the language does: 1234567 hours',
      'of.all does not write numbers as the language does: text: 1234567',
    ]);
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

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { entryOf, type Manifest, ownScripts, screensThatLoad, scriptsOf } from './bundle.ts';

const pages = join(import.meta.dirname, '../../../dist/apps/console/web');
const firstScreenOfMember = 'src/screens/classes/classes-screen.tsx';
const aria = 'react-aria';
const schemaForms = 'schema-forms';

/** Kilobytes of gzip. */
const budgets = { firstScreen: 125, role: 40, css: 15, aria: 95, schemaForms: 95 };

/** The screens that come together: a role loads those of an area with the first of them. */
const areas: Readonly<Record<string, RegExp>> = {
  member: /^src\/screens\/(classes|orders|subscriptions|account)\//,
  publisher: /^src\/screens\/publisher\//,
  'admin of money and persons': /^src\/screens\/(persons|admin-orders|payments|ledger|actions)\//,
  'admin of promo codes': /^src\/screens\/(promo-codes|offers)\//,
  'admin of webhooks': /^src\/screens\/webhooks\//,
  'admin of rules': /^src\/screens\/rules\//,
};
/** The routes of everybody but members: pages of theirs load these as well. */
const staffRoutes = /^src\/shell\/routing\/whole-router\.ts$/;

let manifest: Manifest;

beforeAll(() => {
  const file = join(pages, '.vite/manifest.json');
  if (!existsSync(file)) throw new Error('The pages are not built: npm run build:web');
  manifest = JSON.parse(readFileSync(file, 'utf8'));
});

function kilobytesOf(file: string): number {
  return gzipSync(readFileSync(join(pages, file)), { level: 9 }).length / 1_000;
}

/** Prints what was measured, and how much more would fit. */
function fits(what: string, files: ReadonlySet<string>, budget: number): void {
  const sizes = [...files].map((file) => [file, kilobytesOf(file)] as const);
  const sum = sizes.reduce((total, [, size]) => total + size, 0);
  process.stderr.write(`  ${what}: ${sum.toFixed(1)} of ${budget} kB\n`);
  expect({ what, kB: sum, files: sum > budget ? sizes : [] }).toEqual({ what, kB: expect.any(Number), files: [] });
}

describe('the pages of the console, compressed', () => {
  it(`show a member the first screen with at most ${budgets.firstScreen} kB of scripts`, () => {
    const texts = ['shell', 'refusals', 'classes'].map((area) => `src/messages/en/${area}.ts`);
    const files = scriptsOf(manifest, [entryOf(manifest), firstScreenOfMember, ...texts]);
    fits('the first screen of a member', files, budgets.firstScreen);
  });

  it.each(Object.entries(areas))(`bring at most ${budgets.role} kB for the screens of %s`, (name, area) => {
    const routes = name === 'member' ? /^$/ : staffRoutes;
    const own = new RegExp(`${area.source}|${routes.source}`);
    fits(`the screens of ${name}`, ownScripts(manifest, own, [aria, schemaForms]), budgets.role);
  });

  it(`have at most ${budgets.css} kB of style`, () => {
    const files = Object.values(manifest).flatMap(({ file, css = [] }) => [file, ...css]);
    const styles = new Set(files.filter((file) => file.endsWith('.css')));
    expect(styles.size).toBeGreaterThan(0);
    fits('styles', styles, budgets.css);
  });

  it(`load React Aria with the first form, in at most ${budgets.aria} kB, and no more for every page`, () => {
    const files = Object.values(manifest).filter(({ name }) => name === aria);
    fits('React Aria', new Set(files.map(({ file }) => file)), budgets.aria);
    expect(screensThatLoad(manifest, aria, /^src\/screens\//)).toEqual([]);
  });

  it(`load forms by schema in at most ${budgets.schemaForms} kB, for the screens of rules and classes alone`, () => {
    const files = Object.values(manifest).filter(({ name }) => name === schemaForms);
    fits('forms by schema', new Set(files.map(({ file }) => file)), budgets.schemaForms);
    expect(screensThatLoad(manifest, schemaForms, /^src\/screens\/rules\//)).toEqual([]);
  });
});

describe('a bundle', () => {
  const planted: Manifest = {
    'index.html': { file: 'index.js', isEntry: true, imports: ['_react.js'] },
    '_react.js': { file: 'react.js', name: 'react' },
    '_forms.js': { file: 'forms.js', name: 'schema-forms', imports: ['_react.js'] },
    'src/screens/orders/order.tsx': { file: 'order.js', imports: ['_react.js', '_forms.js'] },
    'src/screens/rules/rule.tsx': { file: 'rule.js', imports: ['_forms.js'] },
  };

  it('counts what a screen adds, once', () => {
    expect([...scriptsOf(planted, ['index.html'])]).toEqual(['index.js', 'react.js']);
    expect([...ownScripts(planted, /orders|rules/, [])]).toEqual(['order.js', 'forms.js', 'rule.js']);
    expect([...ownScripts(planted, /orders/, ['schema-forms'])]).toEqual(['order.js']);
  });

  it('shows the screen that loads what it should not', () => {
    expect(screensThatLoad(planted, 'schema-forms', /rules/)).toEqual(['src/screens/orders/order.tsx']);
  });
});

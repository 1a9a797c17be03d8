import { expect } from '@jest/globals';
import { words as german } from '../../../apps/console/web/src/messages/de/shell.ts';
import { words as english } from '../../../apps/console/web/src/messages/en/shell.ts';
import { pathOf, type Screen } from '../../../tools/screens/screen.ts';
import { ApiAnswers } from './api-answers.ts';
import { browserTests } from './browser-tests.js';
import type { Person } from './person.ts';
import { emptied, type ScreenState, type ShellWords, screenStates } from './screen-states.ts';

const words = { en: english, de: german } as const;
type Language = keyof typeof words;
const languages: readonly Language[] = ['en', 'de'];

/** More at once would let a page wait for its slowest server, and the server for a page. */
const callsMax = 3;

const wide = { width: 1280, height: 900 };
/** A window of 1280 pixels at 200 % zoom. */
const zoomed = { width: 640, height: 450 };
const narrow = { width: 320, height: 800 };

/**
 * Tests of these screens: as they are, in both languages, light and dark, wide, zoomed and at 320 pixels, in forced
 * colours; and in every state that an answer of the API can put them into, in one of the languages by turns.
 */
export function screenTests(title: string, screens: readonly Screen[]): void {
  browserTests(title, (test) => {
    for (const [index, screen] of screens.entries()) {
      test(`${screen.name} is whole in every appearance`, async ({ resident, sample }) => {
        const reader = await resident(screen.roles[0] as (typeof screen.roles)[0]);
        await seenByEverybody(reader, pathOf(screen, sample));
      });
      if (screen.readsNothing) continue;
      test(`${screen.name} says what is wrong, in every state`, async ({ resident, sample }) => {
        const language = languages[index % languages.length] as Language;
        const reader = await resident(screen.roles[0] as (typeof screen.roles)[0]);
        await reader.speaks(language);
        await reader.page.emulateMedia({ colorScheme: index % 4 > 1 ? 'dark' : 'light' });
        const answers = await ApiAnswers.of(reader.page);
        const path = pathOf(screen, sample);
        for (const state of screenStates.filter(({ isFor }) => isFor?.(screen) ?? true)) {
          await showsState(reader, answers, path, state, words[language] as unknown as ShellWords);
        }
        if (screen.filters) await dropsFilters(reader, answers, { path, filters: screen.filters, language });
      });
    }
  });
}

/** One page in English and light, then in German and dark; and the same loaded anew in a narrow window. */
async function seenByEverybody(reader: Person, path: string): Promise<void> {
  const { page } = reader;
  await reader.speaks('en');
  await reader.open(path);
  await isWhole(reader);
  await page.setViewportSize(zoomed);
  await reader.fits();
  await page.setViewportSize(narrow);
  await reader.fits();

  await page.setViewportSize(wide);
  await page.getByLabel(english.language, { exact: true }).selectOption('de');
  await page.locator('html[lang=de]').waitFor();
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'no-preference' });
  // Another language takes another room, which somebody has chosen.
  await page.evaluate('layoutShifts.length = 0');
  await page.evaluate('Promise.all(document.getAnimations().map(({ finished }) => finished))');
  // Also what was light before is dark now: axe compares each text with its ground.
  await isWhole(reader);

  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.setViewportSize(narrow);
  await reader.open(path);
  await isWhole(reader);
  await page.emulateMedia({ forcedColors: 'active' });
  await reader.fits();
}

async function isWhole(reader: Person): Promise<void> {
  expect(await reader.page.locator('main h1').count()).toBe(1);
  expect(await reader.page.title()).toContain((await reader.page.locator('main h1').innerText()).trim());
  expect(reader.callsAtOnce).toBeLessThanOrEqual(callsMax);
  expect(await reader.layoutShifts()).toEqual([]);
  await reader.stop({ fits: true });
}

async function showsState(
  reader: Person,
  answers: ApiAnswers,
  path: string,
  state: ScreenState,
  shell: ShellWords,
): Promise<void> {
  await answers.answerReads(state.answer);
  try {
    await reader.goto(path);
    await state.shows(reader, shell);
    await reader.stop({ statuses: state.statuses });
  } catch (error) {
    (error as Error).message = `${state.name}: ${(error as Error).message}`;
    throw error;
  } finally {
    await answers.end();
  }
}

interface Filtered {
  readonly path: string;
  readonly filters: Readonly<Record<string, string>>;
  readonly language: Language;
}

/** With every filter set and nothing found, the screen names each of them, and drops the one that is chosen. */
async function dropsFilters(reader: Person, answers: ApiAnswers, { path, filters, language }: Filtered): Promise<void> {
  const { filteredTitle, dropFilter } = words[language];
  const [before = '', after = ''] = dropFilter('\n').split('\n');
  const drops = reader.page.locator('main .state').getByRole('button', { name: before }).filter({ hasText: after });
  const address = new URL(path, 'http://console');
  for (const [name, value] of Object.entries(filters)) address.searchParams.set(name, value);
  await answers.answerReads({ changed: emptied });
  try {
    await reader.goto(address.pathname + address.search);
    await reader.sees(filteredTitle);
    await reader.stop();
    const set = () => Object.keys(filters).filter((name) => new URL(reader.page.url()).searchParams.has(name));
    for (let left = set(); left.length > 0; left = set()) {
      expect([left, await drops.count()]).toEqual([left, left.length]);
      await drops.first().click();
      await reader.page.waitForFunction(`(url) => location.href !== url`, reader.page.url());
      await drops.nth(left.length - 1).waitFor({ state: 'detached' });
    }
    await reader.page.getByText(filteredTitle).waitFor({ state: 'detached' });
    await reader.settled();
    await reader.stop();
  } finally {
    await answers.end();
  }
}

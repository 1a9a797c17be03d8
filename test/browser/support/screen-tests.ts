import { expect } from '@jest/globals';
import { pathOf, type Role, type Screen } from '../../../tools/screens/screen.ts';
import { browserTests } from './browser-tests.js';
import type { Person } from './person.ts';
import { type ScreenState, type ShellWords, screenStates } from './screen-states.ts';
import { signedIn } from './signed-in.ts';

const languages = ['en', 'de'] as const;
type Language = (typeof languages)[number];
const locales: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' };

/** More at once would let a page wait for its slowest server, and the server for a page. */
const callsMax = 3;
/** A cumulative layout shift (CLS) that counts as good; more is seen as a jump. */
const layoutShiftMax = 0.1;

/**
 * Tests of these screens: as they are, in both languages and at 320 pixels; and in every state that an answer of the
 * API can put them into, in one of the languages by turns.
 */
export function screenTests(title: string, screens: readonly Screen[]): void {
  browserTests(title, (test) => {
    const reader = signedIn();
    for (const [index, screen] of screens.entries()) {
      for (const language of languages) {
        test(`${screen.name} is whole in ${language}`, async (scene) => {
          const person = await reader(scene, screen.roles[0] as Role, undefined, {
            locale: locales[language],
            dark: language === 'de',
          });
          await person.open(pathOf(screen, scene.sample));
          await isWhole(person);
          await person.page.setViewportSize({ width: 320, height: 800 });
          await person.stop({ fits: true });
        });
      }
      if (screen.readsNothing) continue;
      test(`${screen.name} says what is wrong, in every state`, async (scene) => {
        const language = languages[index % languages.length] as Language;
        const person = await reader(scene, screen.roles[0] as Role, undefined, {
          locale: locales[language],
          dark: index % 4 > 1,
        });
        const words = await shellWords(language);
        for (const state of screenStates.filter(({ isFor }) => isFor?.(screen) ?? true)) {
          await showsState(person, pathOf(screen, scene.sample), state, words);
        }
      });
    }
  });
}

async function isWhole(reader: Person): Promise<void> {
  expect(await reader.page.locator('main h1').count()).toBe(1);
  expect(await reader.page.title()).toContain((await reader.page.locator('main h1').innerText()).trim());
  expect(reader.callsAtOnce).toBeLessThanOrEqual(callsMax);
  expect(await reader.layoutShift()).toBeLessThanOrEqual(layoutShiftMax);
  await reader.stop();
}

async function showsState(reader: Person, path: string, state: ScreenState, words: ShellWords): Promise<void> {
  const api = (url: URL) => url.pathname.startsWith('/api/');
  await reader.page.route(api, (route) =>
    route.request().method() === 'GET' ? state.answer(route) : route.continue(),
  );
  try {
    await reader.goto(path);
    await state.shows(reader, words);
    await reader.stop({ statuses: state.statuses });
  } catch (error) {
    (error as Error).message = `${state.name}: ${(error as Error).message}`;
    throw error;
  } finally {
    await reader.page.unroute(api);
  }
}

async function shellWords(language: Language): Promise<ShellWords> {
  const { words } = await import(`../../../apps/console/web/src/messages/${language}/shell.ts`);
  return words as ShellWords;
}

import type { Route } from 'playwright-core';
import type { Screen } from '../../../tools/screens/screen.ts';
import type { Person } from './person.ts';

/** The words of the console's frame, in the language of the page. */
export type ShellWords = Readonly<Record<string, string>>;

/** What the API answers to every reading of a screen, and what the screen must show then. */
export interface ScreenState {
  readonly name: string;
  answer(route: Route): Promise<void>;
  /** Resolves when the screen shows it. */
  shows(person: Person, words: ShellWords): Promise<unknown>;
  readonly statuses: readonly number[];
  /** Whether a screen has the state; every one unless given. */
  isFor?(screen: Screen): boolean;
}

const problem = (status: number, code: string, detail: string, headers: Record<string, string> = {}) => ({
  status,
  contentType: 'application/problem+json',
  headers,
  body: JSON.stringify({
    type: `urn:matricula:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: 'A problem',
    status,
    code,
    detail,
    trace_id: '0af7651916cd43dd8448eb211c80319c',
  }),
});

const titled = (name: string) => (person: Person, words: ShellWords) => person.sees(words[name] as string);

/** Each state that an answer can put any screen into. */
export const screenStates: readonly ScreenState[] = [
  {
    name: 'loading',
    // The answer comes when the page is gone.
    answer: () => new Promise(() => {}),
    shows: ({ page }) => page.locator('main .skeleton').first().waitFor(),
    statuses: [],
  },
  {
    name: 'away',
    answer: (route) => route.fulfill(problem(503, 'SERVICE_UNAVAILABLE', 'Try again.', { 'retry-after': '30' })),
    shows: titled('awayTitle'),
    statuses: [503],
  },
  {
    name: 'refused',
    answer: (route) => route.fulfill(problem(400, 'OF_THE_TEST', 'This is refused by the test.')),
    shows: (person) => person.sees('This is refused by the test.'),
    statuses: [400],
  },
  {
    name: 'not theirs',
    answer: (route) => route.fulfill(problem(404, 'NOT_FOUND', 'There is no such thing.')),
    shows: titled('notFoundTitle'),
    statuses: [404],
  },
  {
    name: 'signed out meanwhile',
    answer: (route) => route.fulfill(problem(401, 'UNAUTHENTICATED', 'Sign in.')),
    shows: titled('signedOutTitle'),
    statuses: [401],
  },
  {
    name: 'empty',
    answer: emptied,
    shows: ({ page }) => page.locator('main .state').first().waitFor(),
    statuses: [],
    isFor: ({ isList }) => isList === true,
  },
];

/** The real answer without its items. */
async function emptied(route: Route): Promise<void> {
  const answer = await route.fetch();
  const body = (await answer.json().catch(() => undefined)) as { items?: unknown[]; next_cursor?: unknown } | undefined;
  if (!Array.isArray(body?.items)) return route.fulfill({ response: answer });
  await route.fulfill({ response: answer, json: { ...body, items: [], next_cursor: null, total: 0 } });
}

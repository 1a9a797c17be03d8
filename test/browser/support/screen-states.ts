import type { Screen } from '../../../tools/screens/screen.ts';
import type { AnswerToReads } from './api-answers.ts';
import type { Person } from './person.ts';

/** The words of the console's frame, in the language of the page. */
export type ShellWords = Readonly<Record<string, string>>;

/** What the API answers to every reading of a screen, and what the screen must show then. */
export interface ScreenState {
  readonly name: string;
  readonly answer: AnswerToReads;
  /** Resolves when the screen shows it. */
  shows(person: Person, words: ShellWords): Promise<unknown>;
  readonly statuses: readonly number[];
  /** Whether a screen has the state; every one unless given. */
  isFor?(screen: Screen): boolean;
}

const problem = (status: number, code: string, detail: string, more: Record<string, string> = {}): AnswerToReads => {
  const headers = { 'content-type': 'application/problem+json', ...more };
  const body = JSON.stringify({
    type: `urn:matricula:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: 'A problem',
    status,
    code,
    detail,
    trace_id: '0af7651916cd43dd8448eb211c80319c',
  });
  return { given: { status, headers, body } };
};

const titled = (name: string) => (person: Person, words: ShellWords) => person.sees(words[name] as string);

/** Each state that an answer can put any screen into. */
export const screenStates: readonly ScreenState[] = [
  {
    name: 'loading',
    // The answer comes when the page is gone.
    answer: { none: true },
    shows: ({ page }) => page.locator('main .skeleton').first().waitFor(),
    statuses: [],
  },
  {
    name: 'away',
    answer: problem(503, 'SERVICE_UNAVAILABLE', 'Try again.', { 'retry-after': '30' }),
    shows: titled('awayTitle'),
    statuses: [503],
  },
  {
    name: 'refused',
    answer: problem(400, 'OF_THE_TEST', 'This is refused by the test.'),
    shows: (person) => person.sees('This is refused by the test.'),
    statuses: [400],
  },
  {
    name: 'not theirs',
    answer: problem(404, 'NOT_FOUND', 'There is no such thing.'),
    shows: titled('notFoundTitle'),
    statuses: [404],
  },
  {
    name: 'signed out meanwhile',
    answer: problem(401, 'UNAUTHENTICATED', 'Sign in.'),
    shows: titled('signedOutTitle'),
    statuses: [401],
  },
  {
    name: 'empty',
    answer: { changed: emptied },
    shows: ({ page }) => page.locator('main .state').first().waitFor(),
    statuses: [],
    isFor: ({ isList }) => isList === true,
  },
];

/** The real answer without the items of its list. */
export function emptied(answer: string): string {
  const body = JSON.parse(answer) as Record<string, unknown>;
  const lists = ['items', 'applications', 'offer_breakdown'].filter((name) => Array.isArray(body[name]));
  if (lists.length === 0) return answer;
  return JSON.stringify({
    ...body,
    ...Object.fromEntries(lists.map((name) => [name, []])),
    next_cursor: null,
    total: 0,
  });
}

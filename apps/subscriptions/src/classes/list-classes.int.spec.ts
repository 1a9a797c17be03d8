import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cursorOf } from '#contracts/cursors.js';
import { classesQuery } from '#contracts/http.js';
import { newId } from '#kernel/ids.js';
import { command } from '../../../../test/support/messages/messages.js';
import { answerOf } from '../../../../test/support/messages/replies.js';
import { SubscriptionsHarness } from '../../test/harness.js';
import { ChangeClass } from './change-class.js';
import type { ClassFilter } from './classes.store.js';
import { ReadClasses } from './read-classes.js';

let harness: SubscriptionsHarness;
const ids: Record<string, string> = {};

beforeAll(async () => {
  harness = await SubscriptionsHarness.open();
  const rule = await harness.singlePaymentRule();
  const free = await harness.freeRule();
  const add = async (title: string, terms: object, of = rule) => {
    ids[title] = (await harness.class(of, { title, ...terms })).class_id;
  };
  await add('Schach für Anfänger', { start_date: '2026-04-01', end_date: '2026-06-30', capacity: 1 });
  await add('Advanced chess', { start_date: '2026-05-01', parameters: { price: 4_900 } });
  await add('Beginners’ Sanskrit', {});
  // The harness's day is 2 March 2026, 09:00 UTC.
  await add('Over in Berlin', { end_date: '2026-03-01' });
  await add('Last evening', { end_date: '2026-03-01', time_zone: 'Pacific/Pago_Pago' });
  await add('Last of days', { end_date: '9999-12-31', time_zone: 'Pacific/Pago_Pago' });
  await add('Open day', { parameters: {} }, free);
});
afterAll(() => harness[Symbol.asyncDispose]());

const list = async (filter: Partial<ClassFilter>) => {
  const { items, total } = await harness.get(ReadClasses).list({ sort: 'title', ...filter }, { limit: 50 });
  expect(total).toBe(items.length);
  return items;
};
const titles = async (filter: Partial<ClassFilter>) => (await list(filter)).map(({ title }) => title);
const day = (text: string) => Temporal.PlainDate.from(text);

describe('the list of classes', () => {
  it.each([
    ['schach', ['Schach für Anfänger']],
    ['ANFANGER fu', ['Schach für Anfänger']],
    ['ches', ['Advanced chess']],
    ['chess beginners', []],
    ['beg', ['Beginners’ Sanskrit']],
    ['hess', []],
    ['%', []],
    [`'" & !`, []],
  ])('finds %j by the beginnings of words of the title', async (search, expected) => {
    expect(await titles({ search })).toEqual(expected);
  });

  it('finds a class by its id', async () => {
    expect(await titles({ search: ids['Advanced chess'] as string })).toEqual(['Advanced chess']);
    expect(await titles({ search: newId() })).toEqual([]);
  });

  it('shows those that can be ordered: not ended where they are, with a free seat', async () => {
    const available = [
      'Advanced chess',
      'Beginners’ Sanskrit',
      'Last evening',
      'Last of days',
      'Open day',
      'Schach für Anfänger',
    ];
    expect(await titles({ available: true })).toEqual(available);
    const person = await harness.person('seated');
    await harness.open(person, ids['Schach für Anfänger'] as string);
    expect(await titles({ available: true })).toEqual(available.slice(0, -1));
    expect(await list({ search: 'schach' })).toMatchObject([{ seats_left: 0, seats_taken: 1, capacity: 1 }]);
    harness.clock.moveBy({ hours: 2 });
    expect(await titles({ available: true, search: 'last' })).toEqual(['Last of days']);
    harness.clock.moveBy({ hours: -2 });
  });

  it('shows those that start on a day or later, and those that start with each order', async () => {
    expect(await titles({ startsFrom: day('2026-04-02'), sort: 'starts' })).toEqual([
      'Advanced chess',
      ...(await titles({ sort: 'starts', startsFrom: day('2027-01-01') })),
    ]);
    expect((await titles({ sort: 'starts' })).slice(0, 2)).toEqual(['Schach für Anfänger', 'Advanced chess']);
  });

  it('is sorted by title without regard to case, or newest first', async () => {
    const all = await titles({});
    expect(all).toEqual([...all].sort((left, right) => left.localeCompare(right)));
    expect((await titles({ sort: 'newest' }))[0]).toBe('Open day');
  });

  it('shows the price and the free seats of each class', async () => {
    const shown = new Map(
      (await list({})).map(({ title, price_minor, seats_left }) => [title, [price_minor, seats_left]]),
    );
    expect(shown.get('Advanced chess')).toEqual([4_900, null]);
    expect(shown.get('Open day')).toEqual([0, null]);
    expect(shown.get('Over in Berlin')).toEqual([null, null]);
  });

  it('follows a change of title and days', async () => {
    const { class_id } = await harness.class(await harness.singlePaymentRule(), { title: 'Old name' });
    const change = command({ class_id, title: 'Neuer Name', start_date: '2027-05-01', end_date: '2027-06-01' });
    answerOf((await harness.get(ChangeClass).execute([change]))[0]);
    expect(await titles({ search: 'old' })).toEqual([]);
    expect(await titles({ search: 'neuer', startsFrom: day('2027-05-01'), available: true })).toEqual(['Neuer Name']);
    expect(await titles({ search: 'neuer', startsFrom: day('2027-05-02') })).toEqual([]);
  });

  it.each(['newest', 'title', 'starts'] as const)('continues after a cursor of its own order alone: %s', (sort) => {
    const cursors = { newest: [newId()], title: ['chess', newId()], starts: ['2026-04-01', newId()] };
    for (const [other, key] of Object.entries(cursors)) {
      const { success } = classesQuery.safeParse({ sort, after: cursorOf(key) });
      // A day is also a text.
      expect(success).toBe(other === sort || (sort === 'title' && other === 'starts'));
    }
  });
});

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { SubscriptionsHarness } from '../../test/harness.js';
import { ReadNames } from './read-names.js';

let harness: SubscriptionsHarness;

beforeAll(async () => {
  harness = await SubscriptionsHarness.open();
});
afterAll(() => harness[Symbol.asyncDispose]());

it('names are those of persons, classes and the classes of orders; unknown ids have none', async () => {
  const person = await harness.person('ann');
  const { class_id } = await harness.class(await harness.singlePaymentRule(), { title: 'Chess' });
  const { order_id } = await harness.open(person, class_id);
  const unknown = newId();
  const names = harness.get(ReadNames);
  const wanted = { person_ids: [person, unknown], class_ids: [class_id, unknown], order_ids: [order_id, unknown] };
  expect(await names.execute(wanted)).toEqual({
    persons: [{ person_id: person, name: 'ann-0' }],
    classes: [{ class_id, title: 'Chess' }],
    orders: [{ order_id, class_id, class_title: 'Chess' }],
  });
  expect(await names.execute({ person_ids: [], class_ids: [], order_ids: [] })).toEqual({
    persons: [],
    classes: [],
    orders: [],
  });
});

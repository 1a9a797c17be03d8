import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { envelope } from '../../../../test/support/messages/messages.js';
import { closedOrder } from '../../../../test/support/messages/order-events.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import { ProjectClosedOrders } from './project-closed-orders.js';
import { ProjectPersons } from './project-persons.js';

let harness: PromotionsHarness;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
});
afterAll(() => harness[Symbol.asyncDispose]());

const registered = (person_id: string, name = 'Ada') => ({
  person_id,
  name,
  username: name.toLowerCase(),
  email: `${name.toLowerCase()}@example.org`,
  email_verified: false,
  version: 1,
  registered_at: '2026-03-02T09:00:00Z',
});
const learn = (...data: ReturnType<typeof registered>[]) =>
  harness.get(ProjectPersons).execute(data.map((one) => envelope(one)));
const close = (...personIds: string[]) =>
  harness.get(ProjectClosedOrders).execute(personIds.map((personId) => envelope(closedOrder({ person_id: personId }))));
const row = async (personId: string) =>
  (await harness.query('select username, has_closed_order from person where id = $1', [personId]))[0];

describe('a person', () => {
  it('that changed has the newest version, in any order of events', async () => {
    const id = newId();
    const version = (name: string, number: number) => ({ ...registered(id, name), version: number });
    await learn(version('Second', 2));
    await learn(version('First', 1));
    expect(await row(id)).toMatchObject({ username: 'second' });
    await learn(version('Third', 3), version('Fourth', 4), version('Third', 3));
    expect(await row(id)).toMatchObject({ username: 'fourth' });
  });

  it('has a name, and is new until an order of the person closes', async () => {
    const id = newId();
    await learn(registered(id), registered(id));
    expect(await row(id)).toEqual({ username: 'ada', has_closed_order: false });
    await close(id, id);
    await close(id);
    expect(await row(id)).toEqual({ username: 'ada', has_closed_order: true });
  });

  it('whose closed order is received before the registration gets the name later, and stays not new', async () => {
    const id = newId();
    await close(id);
    await learn(registered(id, 'Grace'));
    expect(await row(id)).toEqual({ username: 'grace', has_closed_order: true });
  });
});

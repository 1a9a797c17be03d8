import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { newId } from '#kernel/ids.js';
import { funding, type SubscriptionsHarness, withTwo } from '../../test/harness.js';
import { ConfirmOrder } from '../orders/lifecycle/confirm-order.js';
import type { OrderView } from '../orders/order-view.js';
import { AdvanceSubscriptions } from './advance-subscriptions.js';

describe('statements', () => {
  let harness: SubscriptionsHarness;
  let query: ReturnType<typeof spyOnQueries>;

  const spyOnQueries = () => jest.spyOn(pg.Client.prototype, 'query');
  beforeAll(() => {
    query = spyOnQueries();
  });
  afterAll(() => query.mockRestore());
  withTwo((one) => {
    harness = one;
  });

  async function countedIn(work: () => Promise<unknown>): Promise<number> {
    query.mockClear();
    await work();
    return query.mock.calls.length;
  }
  const close = (orders: readonly OrderView[]) => harness.get(ConfirmOrder).execute([funding(...orders)]);

  /** Orders of as many new persons. */
  async function opened(count: number, classId: string): Promise<OrderView[]> {
    const orders: OrderView[] = [];
    for (const person of await harness.persons(count, `payer-${newId()}`)) {
      orders.push(await harness.open(person, classId));
    }
    return orders;
  }

  it('of closing first orders are as many for any number, and one begins enrolments and subscriptions', async () => {
    const { class_id } = await harness.class(await harness.singlePaymentRule());
    const [one, many] = [await opened(1, class_id), await opened(20, class_id)];
    // begin, inbox, lock, save, enrolments with subscriptions, outbox, commit.
    expect(await countedIn(() => close(one))).toBe(7);
    expect(await countedIn(() => close(many))).toBe(7);
  });

  it('of periods are as many for any number: three more when they close', async () => {
    const parameters = { price: 1_000, unit: 'month', lead_days: 7 };
    const { class_id } = await harness.class(await harness.recurringRule(), { parameters });
    const sweep = () => harness.get(AdvanceSubscriptions).execute();
    const renewals = async () => {
      const rows = await harness.query<{ id: string }>(`select id from orders where state = 'opened' and period > 0`);
      return Promise.all(rows.map(({ id }) => harness.order(id)));
    };
    await close(await opened(1, class_id));
    harness.clock.moveBy({ hours: 28 * 24 });
    const forOne = await countedIn(sweep);
    const open = await renewals();
    expect(await countedIn(() => close(open))).toBe(10);
    await close(await opened(20, class_id));
    harness.clock.moveBy({ hours: 28 * 24 });
    expect(await countedIn(sweep)).toBe(forOne);
    expect(await renewals()).toHaveLength(21);
  });
});

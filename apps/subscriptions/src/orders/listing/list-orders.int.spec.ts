import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ordersQuery } from '#contracts/http.js';
import { listOrders } from '#contracts/subscriptions/orders.js';
import { newId } from '#kernel/ids.js';
import { recordStatements } from '../../../../../test/support/lists/plans.js';
import { command, envelope } from '../../../../../test/support/messages/messages.js';
import { answerOf } from '../../../../../test/support/messages/replies.js';
import { funding, SubscriptionsHarness } from '../../../test/harness.js';
import { ApproveOrder } from '../lifecycle/approve-order.js';
import { CancelOrder } from '../lifecycle/cancel-order.js';
import { ConfirmOrder } from '../lifecycle/confirm-order.js';
import { SettleOrder } from '../lifecycle/settle-order.js';
import { OpenDiscountedOrder } from '../opening/open-discounted-order.js';
import type { OrderView } from '../order-view.js';
import { ReadOrders } from '../read-orders.js';
import { OrderListsStore } from './order-lists.store.js';

let statements: ReturnType<typeof recordStatements>;
let harness: SubscriptionsHarness;
let ann: string;
let bob: string;
let opened: OrderView;
let approving: OrderView;
let free: OrderView;

beforeAll(async () => {
  statements = recordStatements();
  harness = await SubscriptionsHarness.open();
  ann = await harness.person('ann');
  bob = await harness.person('bob');
  const rule = await harness.singlePaymentRule();
  const chess = await harness.class(rule, { title: 'Chess' });
  const choir = await harness.class(await harness.freeRule(), {
    title: 'Choir',
    approval_required: true,
    parameters: {},
  });
  const walk = await harness.class(await harness.freeRule(), { title: 'Walk', parameters: {} });
  opened = await harness.open(ann, chess.class_id);
  harness.clock.moveBy({ hours: 1 });
  approving = await harness.open(bob, choir.class_id);
  harness.clock.moveBy({ hours: 1 });
  free = await harness.open(bob, walk.class_id);
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
  statements[Symbol.dispose]();
});

const list = async (filter: object, visible_to: string | null = null) =>
  (await harness.get(ReadOrders).list(listOrders.request.parse({ visible_to, ...filter }))).items;
const found = async (filter: object, visible_to: string | null = null) =>
  (await list(filter, visible_to)).map(({ order_id }) => order_id);

describe('an order in a list', () => {
  it('has the title of its class, its terms, and what it waits for', async () => {
    const [listed] = await list({ search: opened.order_id });
    expect(listed).toEqual({ ...opened, person_name: 'ann-0' });
    expect(listed).toMatchObject({
      class_title: 'Chess',
      approval_required: false,
      parameters: { price: 1_500 },
      trace: [{ step: 'amount', explanation: 'It costs 15.00 EUR, paid once.' }, {}, {}],
      waits_for: 'payment',
      wait_explanation: expect.stringContaining('15.00 EUR'),
    });
    const query = { data: { order_id: opened.order_id, visible_to: null } };
    expect(answerOf((await harness.get(ReadOrders).each([query]))[0])).toEqual(listed);
  });

  it('shows the name of its person to admins and operators alone', async () => {
    expect((await list({}, ann)).map((order) => 'person_name' in order)).toEqual([false]);
    const query = { data: { order_id: opened.order_id, visible_to: ann } };
    expect(answerOf((await harness.get(ReadOrders).each([query]))[0])).toEqual(opened);
  });

  it('names the use of each promo code', async () => {
    const { class_id } = await harness.class(await harness.singlePaymentRule());
    const order = command({ person_id: ann, class_id, promo_codes: ['TEN'] });
    const [reply] = await harness.get(OpenDiscountedOrder).execute([order]);
    if (!reply || 'unavailable' in reply) throw new Error('promotions did not answer');
    const { order_id, discounts } = answerOf(reply);
    expect(discounts).toEqual([expect.objectContaining({ code: 'TEN', redemption_id: expect.any(String) })]);
    expect((await harness.order(order_id)).discounts).toEqual(discounts);
    const cancel = command({ order_id, visible_to: null, reason: 'enough' });
    expect(answerOf((await harness.get(CancelOrder).execute([cancel]))[0])).toMatchObject({
      waits_for: null,
      discounts,
    });
  });
});

describe('the list of orders', () => {
  it('has a queue for each wait, with its length', async () => {
    expect(await found({ waits_for: 'payment' })).toEqual([opened.order_id]);
    expect(await found({ waits_for: 'approval' })).toEqual([approving.order_id]);
    expect(await found({ waits_for: 'settlement' })).toEqual([]);
    const { queues } = await harness.get(ReadOrders).queues();
    expect(queues.map(({ waits_for, orders, more }) => `${waits_for} ${orders} ${more}`).sort()).toEqual([
      'approval 1 false',
      'payment 1 false',
      'settlement 0 false',
    ]);
  });

  it('counts a queue only so far', async () => {
    const orders = await Promise.all([1, 2, 3].map(() => harness.opened()));
    const [payment] = await harness.get(OrderListsStore).queues(2);
    expect(payment).toEqual({ waitsFor: 'payment', orders: 2, more: true });
    const cancels = orders.map(({ order_id }) => command({ order_id, visible_to: null }));
    await harness.get(CancelOrder).execute(cancels);
  });

  it('moves an order from queue to queue', async () => {
    const paid = await harness.opened({ approval_required: true });
    await harness.get(ConfirmOrder).execute([funding(paid)]);
    expect(await found({ waits_for: 'approval', person_id: paid.person_id })).toEqual([paid.order_id]);
    const [reply] = await harness.get(ApproveOrder).execute([command({ order_id: paid.order_id })]);
    expect(answerOf(reply)).toMatchObject({ state: 'closed', waits_for: 'settlement' });
    expect(await found({ waits_for: 'settlement' })).toEqual([paid.order_id]);
    const data = { ...paid, transfer_id: newId(), settled_at: harness.clock.now().toString() };
    await harness.get(SettleOrder).execute([envelope(data)]);
    expect(await found({ waits_for: 'settlement' })).toEqual([]);
    expect(await found({ waits_for: 'approval', person_id: paid.person_id })).toEqual([]);
  });

  it.each<[string, () => string]>([
    ['its id', () => opened.order_id],
    ['its id in capitals', () => opened.order_id.toUpperCase()],
    ['the username of its person', () => 'ANN-0'],
    ['the e-mail address of its person', () => 'Ann-0@Example.org'],
  ])('is searched by %s', async (_, search) => {
    expect(await found({ search: search(), waits_for: 'payment' })).toEqual([opened.order_id]);
    expect(await found({ search: search() }, bob)).toEqual([]);
  });

  it.each([8, 9, 13, 14, 23, 35])('is searched by the first %d characters of an id', async (length) => {
    const all = await found({});
    const search = opened.order_id.slice(0, length);
    const expected = all.filter((id) => id.startsWith(search));
    expect(expected).toContain(opened.order_id);
    expect(await found({ search })).toEqual(expected);
  });

  it('finds nothing by the beginning of a name or of a short id, nor by the end of an id', async () => {
    for (const search of ['an', opened.order_id.slice(0, 7), opened.order_id.slice(-12), '%', 'ann-0@']) {
      expect(await found({ search })).toEqual([]);
    }
  });

  it('finds the orders that payments found by a reference, and only with a search', async () => {
    const paid_order_ids = [free.order_id, newId()];
    expect(await found({ search: 'receipt 7', paid_order_ids })).toEqual([free.order_id]);
    expect(await found({ search: 'receipt 7', paid_order_ids }, ann)).toEqual([]);
  });

  it('is bounded by the instants of the openings: the first included, the last not', async () => {
    const span = (opened_from: string, opened_to: string) => found({ opened_from, opened_to, person_id: bob });
    expect(await span(approving.opened_at, free.opened_at)).toEqual([approving.order_id]);
    expect(await span(free.opened_at, '2026-12-31T00:00:00Z')).toEqual([free.order_id]);
    expect(await found({ opened_to: '0001-01-01T00:00:00Z' })).toEqual([]);
  });

  it('is sorted from the newest, from the oldest, or by the due time', async () => {
    const newest = await found({});
    expect(await found({ sort: 'oldest' })).toEqual([...newest].reverse());
    const later = await harness.opened({ payment_window_hours: 24 * 30 });
    const sooner = await harness.opened({ payment_window_hours: 1 });
    const due = await found({ sort: 'due', waits_for: 'payment' });
    expect(due.indexOf(sooner.order_id)).toBeLessThan(due.indexOf(opened.order_id));
    expect(due.at(-1)).toBe(later.order_id);
    expect(ordersQuery.safeParse({ sort: 'due' }).error?.issues).toMatchObject([{ path: ['sort'] }]);
    expect(ordersQuery.safeParse({ sort: 'due', waits_for: 'approval' }).success).toBe(false);
  });

  it.each([['019a019a'], ['ann-0'], ['ann-0@example.org']])('looks %s up in indexes', async (search) => {
    const paid_order_ids = [newId()];
    const read = () => list({ search, count: false, paid_order_ids });
    const plan = await statements.planOf(harness.databaseUrl, read);
    expect(plan.nodes).not.toContain('Seq Scan');
    const lookups = plan.lookedUp.join();
    if (search === '019a019a') expect(lookups).toMatch(/\bid >= .*\bid <= /);
    expect(lookups).toContain('id = ANY');
    expect(lookups).toContain('lower(username)');
    expect(lookups).toContain('email_key = ');
    expect(lookups).toMatch(/person_id = /);
  });
});

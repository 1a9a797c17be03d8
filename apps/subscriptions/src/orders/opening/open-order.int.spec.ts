import { describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { command } from '../../../../../test/support/messages/messages.js';
import { answerOf, refusalOf } from '../../../../../test/support/messages/replies.js';
import { type SubscriptionsHarness, withTwo } from '../../../test/harness.js';
import { ChangeClass } from '../../classes/change-class.js';
import type { RuleView } from '../../rules/rule-view.js';
import { ApproveOrder } from '../lifecycle/approve-order.js';
import { OpenOrder } from './open-order.js';

describe('opening orders', () => {
  let harness: SubscriptionsHarness;
  let other: SubscriptionsHarness;
  let priced: RuleView;
  let free: RuleView;

  withTwo(async (one, two) => {
    harness = one;
    other = two;
    priced = await harness.singlePaymentRule();
    free = await harness.freeRule();
  });

  const orderRequest = (person_id: string, class_id: string, id?: string) => command({ person_id, class_id }, id);
  const open = (...requests: ReturnType<typeof orderRequest>[]) => harness.get(OpenOrder).execute(requests);

  /** Opens all orders at once, through two instances, in sets of five. */
  async function openTogether(requests: ReturnType<typeof orderRequest>[]) {
    const sets = Array.from({ length: Math.ceil(requests.length / 5) }, (_, set) =>
      requests.slice(set * 5, set * 5 + 5),
    );
    const replies = await Promise.all(
      sets.map((set, index) => (index % 2 ? harness : other).get(OpenOrder).execute(set)),
    );
    return replies.flat().map(refusalOf);
  }

  it('holds a seat, publishes order-opened, and gets an expiry job', async () => {
    const person = await harness.person('first');
    const { class_id } = await harness.class(priced, { capacity: 3 });
    const order = await harness.open(person, class_id);
    expect(order).toEqual({
      order_id: expect.any(String),
      person_id: person,
      class_id,
      class_title: 'Chess for beginners',
      state: 'opened',
      waits_for: 'payment',
      wait_explanation: 'It waits for a payment of 15.00 EUR. It expires at 2026-03-04T09:00:00Z without it.',
      approval_required: false,
      price_minor: 1_500,
      discount_minor: 0,
      discounts: [],
      amount_minor: 1_500,
      tolerance_minor: 0,
      currency: 'EUR',
      start_date: '2026-03-02',
      end_date: null,
      rule_id: priced.rule_id,
      rule_version: 1,
      parameters: { price: 1_500 },
      trace: [
        { step: 'amount', explanation: 'It costs 15.00 EUR, paid once.' },
        { step: 'start', explanation: 'It starts on the day of the order in Europe/Berlin, 2026-03-02.' },
        { step: 'end', explanation: 'It has no end.' },
      ],
      explanation:
        'It costs 15.00 EUR, paid once. It starts on the day of the order in Europe/Berlin, 2026-03-02. It has no end.',
      opened_at: '2026-03-02T09:00:00Z',
      expires_at: '2026-03-04T09:00:00Z',
      confirmed_at: null,
      closed_at: null,
      settled_at: null,
      ended_at: null,
      end_reason: null,
      replaces_order_id: null,
      subscription_id: order.order_id,
      period: 0,
      due_date: null,
    });
    expect(await harness.order(order.order_id)).toEqual(order);
    expect(await harness.seatsTaken(class_id)).toBe(1);
    expect(await harness.published(order.order_id)).toEqual([
      {
        type: 'subscriptions.order-opened.v1',
        subject: order.order_id,
        causationId: expect.any(String),
        data: {
          order_id: order.order_id,
          person_id: person,
          class_id,
          amount_minor: 1_500,
          currency: 'EUR',
          start_date: '2026-03-02',
          end_date: null,
          opened_at: '2026-03-02T09:00:00Z',
        },
      },
    ]);
  });

  it('closes a free order at once: the person is enrolled, and only order-closed is published', async () => {
    const person = await harness.person('free');
    const { class_id } = await harness.class(free, { parameters: {}, capacity: 1 });
    const order = await harness.open(person, class_id);
    const now = '2026-03-02T09:00:00Z';
    expect(order).toMatchObject({
      state: 'closed',
      amount_minor: 0,
      confirmed_at: now,
      closed_at: now,
      expires_at: null,
    });
    expect(await harness.enrolments(order.order_id)).toBe(1);
    expect((await harness.published(order.order_id)).map(({ type }) => type)).toEqual([
      'subscriptions.order-closed.v1',
    ]);
  });

  it('confirms a free order that waits for the approval of its class', async () => {
    const person = await harness.person('waiting');
    const { class_id } = await harness.class(free, { parameters: {}, approval_required: true });
    const order = await harness.open(person, class_id);
    expect([order.state, await harness.enrolments(order.order_id)]).toEqual(['confirmed', 0]);
    expect((await open(orderRequest(person, class_id))).map(refusalOf)).toEqual(['ORDER_ALREADY_OPEN']);
    const [approved] = await harness.get(ApproveOrder).execute([command({ order_id: order.order_id })]);
    expect([answerOf(approved).state, await harness.enrolments(order.order_id)]).toEqual(['closed', 1]);
    const published = await harness.published(order.order_id);
    expect(published.map(({ type }) => type)).toEqual([
      'subscriptions.order-confirmed.v1',
      'subscriptions.order-closed.v1',
    ]);
    expect(published[0]?.data).toMatchObject({ amount_minor: 0, confirmed_at: order.confirmed_at });
  });

  it('never exceeds the capacity when 200 persons order at once over two instances', async () => {
    const { class_id } = await harness.class(priced, { capacity: 37 });
    const persons = await harness.persons(200, 'crowd');
    const outcomes = await openTogether(persons.map((person) => orderRequest(person, class_id)));
    expect(outcomes.filter((code) => code === null)).toHaveLength(37);
    expect(outcomes.filter((code) => code === 'CLASS_FULL')).toHaveLength(163);
    expect(await harness.seatsTaken(class_id)).toBe(37);
  });

  it('opens one order per person and class when many requests arrive at once', async () => {
    const person = await harness.person('eager');
    const classes = await Promise.all([harness.class(priced), harness.class(priced)]);
    const requests = Array.from({ length: 40 }, (_, index) => orderRequest(person, classes[index % 2]!.class_id));
    const outcomes = await openTogether(requests);
    expect(outcomes.filter((code) => code === null)).toHaveLength(2);
    expect(outcomes.filter((code) => code === 'ORDER_ALREADY_OPEN')).toHaveLength(38);
  });

  it('locks several classes at once without a deadlock', async () => {
    const persons = await harness.persons(40, 'many');
    const classes = await Promise.all(Array.from({ length: 5 }, () => harness.class(priced, { capacity: 20 })));
    const requests = persons.flatMap((person, index) =>
      (index % 2 ? classes : [...classes].reverse()).map(({ class_id }) => orderRequest(person, class_id)),
    );
    const outcomes = await openTogether(requests);
    expect(outcomes.filter((code) => code === null)).toHaveLength(100);
    expect(outcomes.filter((code) => code === 'CLASS_FULL')).toHaveLength(100);
  });

  it('refuses and changes nothing', async () => {
    const person = await harness.person('refused');
    const { class_id } = await harness.class(priced);
    const ended = await harness.class(priced, { end_date: '2026-03-01', start_date: '2026-02-01' });
    const published = (await harness.published()).length;
    const replies = await harness
      .get(OpenOrder)
      .execute([
        orderRequest(newId(), class_id),
        orderRequest(person, newId()),
        orderRequest(person, ended.class_id),
        command({ person_id: person, class_id, currency: 'USD' }),
      ]);
    expect(replies.map(refusalOf)).toEqual(['PERSON_NOT_FOUND', 'CLASS_NOT_FOUND', 'CLASS_ENDED', 'CURRENCY_MISMATCH']);
    expect(await harness.published()).toHaveLength(published);
    expect(await harness.query('select from orders where person_id = $1', [person])).toHaveLength(0);
    expect(await harness.seatsTaken(class_id)).toBe(0);
  });

  describe('with an idempotency key', () => {
    it('replies to a repeat with the first answer, even after the order changed', async () => {
      const person = await harness.person('key');
      const { class_id } = await harness.class(priced, { capacity: 1 });
      const id = newId();
      const [first] = await open(orderRequest(person, class_id, id));
      harness.clock.moveBy({ minutes: 5 });
      const [second, third] = await open(orderRequest(person, class_id, id), orderRequest(person, class_id, id));
      harness.clock.moveBy({ minutes: -5 });
      const again = { ...first, firstAnsweredAt: expect.anything() };
      expect([second, third]).toEqual([again, again]);
      expect(await harness.seatsTaken(class_id)).toBe(1);
    });

    it('stores a refusal, too', async () => {
      const [seated, late] = await harness.persons(2, 'late');
      const { class_id } = await harness.class(priced, { capacity: 1 });
      await harness.open(seated!, class_id);
      const id = newId();
      expect((await open(orderRequest(late!, class_id, id))).map(refusalOf)).toEqual(['CLASS_FULL']);
      await harness.get(ChangeClass).execute([command({ class_id, capacity: 2 })]);
      expect((await open(orderRequest(late!, class_id, id))).map(refusalOf)).toEqual(['CLASS_FULL']);
      expect((await open(orderRequest(late!, class_id))).map(refusalOf)).toEqual([null]);
    });

    it('refuses another request under the same key', async () => {
      const [one, two] = await harness.persons(2, 'reuse');
      const { class_id } = await harness.class(priced);
      const id = newId();
      await open(orderRequest(one!, class_id, id));
      expect((await open(orderRequest(two!, class_id, id))).map(refusalOf)).toEqual(['IDEMPOTENCY_KEY_REUSED']);
      expect(await harness.seatsTaken(class_id)).toBe(1);
    });

    it('opens one order when both instances receive the command at once', async () => {
      const person = await harness.person('both');
      const { class_id } = await harness.class(free, { parameters: {} });
      const id = newId();
      const replies = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 ? harness : other).get(OpenOrder).execute([orderRequest(person, class_id, id)]),
        ),
      );
      expect(new Set(replies.flat().map((reply) => answerOf(reply).order_id)).size).toBe(1);
      expect(await harness.seatsTaken(class_id)).toBe(1);
    });
  });

  it('keeps its terms when the class changes later', async () => {
    const person = await harness.person('pinned');
    const { class_id } = await harness.class(priced, { end_date: '2026-06-30' });
    const order = await harness.open(person, class_id);
    await harness
      .get(ChangeClass)
      .execute([command({ class_id, parameters: { price: 9_900 }, end_date: '2026-12-31', approval_required: true })]);
    expect(await harness.order(order.order_id)).toEqual(order);
  });
});

import { describe, expect, it } from '@jest/globals';
import { Refusal } from '#kernel/refusal.js';
import type { Reply } from '#messaging/envelope.js';
import { command } from '../../../../../test/support/messages/messages.js';
import { refusalOf } from '../../../../../test/support/messages/replies.js';
import { funding, type SubscriptionsHarness, withTwo } from '../../../test/harness.js';
import { ChangeClass } from '../../classes/change-class.js';
import type { RuleView } from '../../rules/rule-view.js';
import { CancelOrder } from '../lifecycle/cancel-order.js';
import { ConfirmOrder } from '../lifecycle/confirm-order.js';
import { ExpireOrder } from '../lifecycle/expire-order.js';
import type { OrderView } from '../order-view.js';
import { OpenOrder } from './open-order.js';

describe('what a person has ordered already decides the next order', () => {
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

  const order = async (person_id: string, class_id: string, amount_minor?: number) => {
    const [reply] = await harness.get(OpenOrder).execute([command({ person_id, class_id, amount_minor })]);
    return reply as Reply<OrderView>;
  };

  /** Orders these classes for the person at once, each by a message of its own, through two instances. */
  async function orderTogether(person_id: string, classIds: readonly string[]): Promise<(string | null)[]> {
    const replies = await Promise.all(
      classIds.map((class_id, index) =>
        (index % 2 ? harness : other).get(OpenOrder).execute([command({ person_id, class_id })]),
      ),
    );
    return replies.flat().map(refusalOf);
  }

  const count = (outcomes: readonly (string | null)[], code: string | null) =>
    outcomes.filter((outcome) => outcome === code).length;

  describe('an order of a class in which the person is', () => {
    it('is refused once of many at the same moment, so that a free class keeps its seats', async () => {
      const person = await harness.person('eager');
      const { class_id } = await harness.class(free, { parameters: {}, capacity: 3 });
      const outcomes = await orderTogether(
        person,
        Array.from({ length: 30 }, () => class_id),
      );
      expect([count(outcomes, null), count(outcomes, 'ALREADY_ENROLLED')]).toEqual([1, 29]);
      expect(await harness.seatsTaken(class_id)).toBe(1);
    });

    it('is refused after the first one was paid, and names its order', async () => {
      const person = await harness.person('paid');
      const { class_id } = await harness.class(priced, { capacity: 3 });
      const first = await harness.open(person, class_id);
      await harness.get(ConfirmOrder).execute([funding(first)]);
      const reply = await order(person, class_id);
      expect(reply).toMatchObject({ refusal: { code: 'ALREADY_ENROLLED' } });
      const { details } = (reply as { refusal: Refusal }).refusal;
      expect(details).toEqual({ order_id: first.order_id, end_date: null });
      expect(await harness.seatsTaken(class_id)).toBe(1);
    });

    it('is accepted where the class allows it', async () => {
      const person = await harness.person('twice');
      const { class_id } = await harness.class(free, { parameters: {}, capacity: 3, repeat_enrolment: 'allowed' });
      const outcomes = await orderTogether(
        person,
        Array.from({ length: 10 }, () => class_id),
      );
      expect([count(outcomes, null), count(outcomes, 'CLASS_FULL')]).toEqual([3, 7]);
      await harness.get(ChangeClass).execute([command({ class_id, capacity: 5, repeat_enrolment: 'refused' })]);
      expect(refusalOf(await order(person, class_id))).toBe('ALREADY_ENROLLED');
    });

    it('is accepted for days after its end', async () => {
      const person = await harness.person('again');
      const { class_id } = await harness.class(free, { parameters: {}, end_date: '2026-03-31' });
      await harness.open(person, class_id);
      await harness.get(ChangeClass).execute([command({ class_id, end_date: '2026-06-30' })]);
      expect(refusalOf(await order(person, class_id))).toBe('ALREADY_ENROLLED');
      await harness.get(ChangeClass).execute([command({ class_id, start_date: '2026-04-01' })]);
      expect(refusalOf(await order(person, class_id))).toBeNull();
    });
  });

  it('names the open order and the end of its payment window', async () => {
    const person = await harness.person('open');
    const { class_id } = await harness.class(priced);
    const { order_id, expires_at } = await harness.open(person, class_id);
    const reply = (await order(person, class_id)) as { refusal: Refusal };
    expect(reply.refusal).toBeInstanceOf(Refusal);
    expect(reply.refusal.code).toBe('ORDER_ALREADY_OPEN');
    expect(reply.refusal.details).toEqual({ order_id, state: 'opened', expires_at });
  });

  describe('the unpaid orders of a person', () => {
    it('never exceed their limit, over many classes at once', async () => {
      const [person, neighbour] = await harness.persons(2, 'collector');
      const classes = await Promise.all(Array.from({ length: 25 }, () => harness.class(priced)));
      const ids = classes.map(({ class_id }) => class_id);
      const outcomes = await orderTogether(person!, ids);
      expect([count(outcomes, null), count(outcomes, 'TOO_MANY_OPEN_ORDERS')]).toEqual([10, 15]);
      expect(
        await harness.query(`select from orders where person_id = $1 and state = 'opened'`, [person]),
      ).toHaveLength(10);
      expect(refusalOf(await order(neighbour!, ids[0]!))).toBeNull();
    });

    it('do not count once they are paid, cancelled or expired', async () => {
      const person = await harness.person('payer');
      const classes = await Promise.all(Array.from({ length: 14 }, () => harness.class(priced)));
      const [paid, cancelled, expired, ...others] = await Promise.all(
        classes.slice(0, 10).map(({ class_id }) => harness.open(person, class_id)),
      );
      const next = async (index: number) => refusalOf(await order(person, classes[index]!.class_id));
      expect(await next(10)).toBe('TOO_MANY_OPEN_ORDERS');
      const { class_id: free_id } = await harness.class(free, { parameters: {} });
      expect(refusalOf(await order(person, free_id))).toBeNull();
      await harness.get(ConfirmOrder).execute([funding(paid!)]);
      await harness.get(CancelOrder).execute([command({ order_id: cancelled!.order_id, visible_to: person })]);
      await harness.query('update orders set expires_at = $2 where id = $1', [
        expired!.order_id,
        harness.clock.now().toString(),
      ]);
      await harness.get(ExpireOrder).execute([expired!.order_id]);
      expect([await next(10), await next(11), await next(12)]).toEqual([null, null, null]);
      expect([await next(13), others.length]).toEqual(['TOO_MANY_OPEN_ORDERS', 7]);
    });
  });

  it('refuses an order that would cost more than the client was quoted', async () => {
    const person = await harness.person('quoted');
    const { class_id } = await harness.class(priced);
    await harness.get(ChangeClass).execute([command({ class_id, parameters: { price: 2_000 } })]);
    const reply = (await order(person, class_id, 1_500)) as { refusal: Refusal };
    expect(reply.refusal.code).toBe('PRICE_CHANGED');
    expect(reply.refusal.details).toEqual({ field: 'amount_minor', amount_minor: 2_000, currency: 'EUR' });
    expect(await harness.seatsTaken(class_id)).toBe(0);
    await harness.get(ChangeClass).execute([command({ class_id, parameters: { price: 1_000 } })]);
    expect(await order(person, class_id, 1_500)).toMatchObject({ answer: { amount_minor: 1_000 } });
  });
});

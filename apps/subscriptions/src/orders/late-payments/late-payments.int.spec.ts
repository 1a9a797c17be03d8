import { describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { ServiceUnavailable } from '#messaging/faults.js';
import { command } from '../../../../../test/support/messages/messages.js';
import { answerOf } from '../../../../../test/support/messages/replies.js';
import { funding, type SubscriptionsHarness, withTwo } from '../../../test/harness.js';
import { ChangeClass } from '../../classes/change-class.js';
import { CancelOrder } from '../lifecycle/cancel-order.js';
import { ConfirmOrder } from '../lifecycle/confirm-order.js';
import { ExpireOrder } from '../lifecycle/expire-order.js';
import { OpenDiscountedOrder } from '../opening/open-discounted-order.js';
import type { OrderView } from '../order-view.js';
import { DecideLatePayments } from './decide-late-payments.js';

describe('money that names an order which has ended', () => {
  let harness: SubscriptionsHarness;
  let other: SubscriptionsHarness;

  withTwo((one, two) => {
    harness = one;
    other = two;
  });

  /** The payment of an order, as payments registers it: the order was not funded. */
  const paymentOf = (order: OrderView, more: object = {}) => ({
    paymentId: newId(),
    orderId: order.order_id,
    personId: order.person_id,
    amountMinor: order.amount_minor,
    currency: order.currency,
    availableMinor: order.amount_minor,
    receivedAt: harness.clock.now(),
    creditedAt: harness.clock.now(),
    ...more,
  });

  /** Receives the payment and decides what is late. */
  async function pay(order: OrderView, more: object = {}, instance = harness): Promise<void> {
    const message = { ...funding(), payment: paymentOf(order, more) };
    if (await instance.get(ConfirmOrder).execute([message])) await instance.get(DecideLatePayments).execute();
  }

  async function expire(order: OrderView): Promise<OrderView> {
    harness.clock.moveBy({ hours: 49 });
    expect(await harness.get(ExpireOrder).execute([order.order_id])).toEqual([true]);
    return order;
  }

  const expired = async (terms: Parameters<SubscriptionsHarness['opened']>[0] = {}) =>
    expire(await harness.opened(terms));

  const lateOf = async ({ order_id }: OrderView) => (await harness.order(order_id)).late_payments ?? [];
  const codesOf = async (order: OrderView) => (await lateOf(order)).map(({ reason_code }) => reason_code);

  async function replacementOf(order: OrderView): Promise<OrderView> {
    const [late] = await lateOf(order);
    expect(late).toMatchObject({ outcome: 'reopened', reason: null });
    return harness.order(late!.replacement_order_id!);
  }

  it('opens another order with the same terms, which closes when its money is reserved', async () => {
    const order = await expired({ capacity: 1 });
    await harness.get(ChangeClass).execute([command({ class_id: order.class_id, parameters: { price: 9_900 } })]);
    await pay(order);
    const replacement = await replacementOf(order);
    expect(replacement).toMatchObject({
      state: 'opened',
      person_id: order.person_id,
      amount_minor: 1_500,
      start_date: order.start_date,
      rule_version: order.rule_version,
      replaces_order_id: order.order_id,
    });
    expect(await harness.eventsOf(replacement)).toEqual(['order-opened']);
    expect(await harness.seatsTaken(order.class_id)).toBe(1);
    const decided = (await harness.published(order.order_id)).at(-1);
    expect(decided).toMatchObject({
      type: 'subscriptions.late-payment-decided.v1',
      data: { outcome: 'reopened', reason_code: null, replacement_order_id: replacement.order_id },
    });
    await harness.get(ConfirmOrder).execute([funding(replacement)]);
    expect((await harness.order(replacement.order_id)).state).toBe('closed');
    expect((await harness.order(order.order_id)).state).toBe('expired');
  });

  it('also when the money was reserved while the order expired', async () => {
    const order = await expired();
    const payment = paymentOf(order, { availableMinor: null });
    expect(await harness.get(ConfirmOrder).execute([{ ...funding(order), payment }])).toBe(true);
    await harness.get(DecideLatePayments).execute();
    expect((await replacementOf(order)).state).toBe('opened');
    expect(await harness.eventsOf(order)).toContain('order-released');
  });

  it('is decided once, however often and wherever the message arrives', async () => {
    const order = await expired();
    const payment = paymentOf(order);
    const message = { ...funding(), payment };
    await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const instance = index % 2 ? harness : other;
        await instance.get(ConfirmOrder).execute([index < 4 ? message : { ...message, id: newId() }]);
        await instance.get(DecideLatePayments).execute();
      }),
    );
    expect(await lateOf(order)).toHaveLength(1);
    expect((await replacementOf(order)).state).toBe('opened');
    expect(await harness.query('select from orders where class_id = $1', [order.class_id])).toHaveLength(2);
  });

  it('is decided again when an admin corrects the payment, or gives it to another order', async () => {
    const [order, other] = [await expired(), await expired()];
    const paymentId = newId();
    // Typed as 14.00 in place of 15.00.
    await pay(order, { paymentId, amountMinor: 1_400, availableMinor: 1_400 });
    harness.clock.moveBy({ minutes: 1 });
    const corrected = { ...paymentOf(order, { paymentId, amountMinor: 100, availableMinor: 1_500 }) };
    await pay(order, corrected);
    await pay(order, corrected);
    const late = await lateOf(order);
    expect(late.map(({ payment_id, outcome, reason_code }) => [payment_id, outcome, reason_code])).toEqual([
      [paymentId, 'credited', 'NOT_COVERED'],
      [paymentId, 'reopened', null],
    ]);
    expect((await harness.order(late[1]!.replacement_order_id!)).state).toBe('opened');
    await pay(other, { ...corrected, orderId: other.order_id, personId: other.person_id });
    expect((await replacementOf(other)).state).toBe('opened');
  });

  it('is decided by the sweep after a crash', async () => {
    const order = await expired();
    await harness.get(ConfirmOrder).execute([{ ...funding(), payment: paymentOf(order) }]);
    expect((await lateOf(order))[0]).toMatchObject({ outcome: 'undecided', decided_at: null });
    await other.get(DecideLatePayments).execute();
    expect((await replacementOf(order)).state).toBe('opened');
  });

  it('replaces an order once; a second payment stays credit, also where the class allows repeats', async () => {
    const order = await expired({ repeat_enrolment: 'allowed' });
    await pay(order);
    await harness.get(ConfirmOrder).execute([funding(await replacementOf(order))]);
    await Promise.all([pay(order, {}, harness), pay(order, {}, other)]);
    await harness.get(DecideLatePayments).execute();
    expect((await codesOf(order)).slice(1)).toEqual(['ORDER_REPLACED', 'ORDER_REPLACED']);
  });

  describe('stays credit, for a reason that the order shows', () => {
    it('when it does not cover the amount, but for the tolerance', async () => {
      const order = await expired({ payment_tolerance_minor: 2 });
      await pay(order, { availableMinor: 1_497 });
      expect(await codesOf(order)).toEqual(['NOT_COVERED']);
      await pay(order, { availableMinor: 1_498 });
      expect((await lateOf(order)).map(({ outcome }) => outcome)).toEqual(['credited', 'reopened']);
    });

    it('when the seat has gone', async () => {
      const order = await expired({ capacity: 1 });
      await harness.open(await harness.person(`next-${newId()}`), order.class_id);
      await pay(order);
      expect(await lateOf(order)).toMatchObject([
        { outcome: 'credited', reason_code: 'CLASS_FULL', reason: 'All seats of the class are taken.' },
      ]);
    });

    it('when the person has ordered again, or is in the class by now', async () => {
      const order = await expired();
      const again = await harness.open(order.person_id, order.class_id);
      await pay(order);
      await harness.get(ConfirmOrder).execute([funding(again)]);
      await pay(order);
      expect(await codesOf(order)).toEqual(['ORDER_ALREADY_OPEN', 'ALREADY_ENROLLED']);
    });

    it('when the order was cancelled', async () => {
      const order = await harness.opened();
      await harness.get(CancelOrder).execute([command({ order_id: order.order_id, visible_to: null })]);
      await pay(order);
      expect(await codesOf(order)).toEqual(['ORDER_CANCELLED']);
    });

    it('when the class has ended', async () => {
      const end_date = harness.clock.now().toZonedDateTimeISO('Europe/Berlin').toPlainDate().toString();
      const order = await expired({ end_date });
      await pay(order);
      expect(await codesOf(order)).toEqual(['CLASS_ENDED']);
    });

    it.each<[string, object, number, string | null]>([
      ['fourteen days after the expiry', {}, 14 * 24 - 1, null],
      ['later than that', {}, 14 * 24, 'LATE_PAYMENT_TOO_LATE'],
      ['an hour later, of a class that keeps it', { late_payment: 'credit' }, 0, 'LATE_PAYMENT_CREDITED'],
    ])('by its time: %s', async (_, terms, hours, code) => {
      const order = await expired(terms);
      harness.clock.moveBy({ hours });
      await pay(order);
      expect(await codesOf(order)).toEqual([code]);
    });

    it('but not when it was received in time and only entered late, also where the class keeps late money', async () => {
      const order = await harness.opened({ late_payment: 'credit' });
      const receivedAt = harness.clock.now().add({ hours: 47 });
      await expire(order);
      harness.clock.moveBy({ hours: 24 * 60 });
      await pay(order, { receivedAt });
      expect((await replacementOf(order)).state).toBe('opened');
    });
  });

  it('of another person, or for an order that goes on, changes nothing', async () => {
    const order = await expired();
    await pay(order, { personId: newId() });
    await pay(order, { orderId: newId() });
    const open = await harness.opened();
    await pay(open);
    expect([await lateOf(order), await lateOf(open)]).toEqual([[], []]);
  });

  describe('with promo codes', () => {
    async function discounted(): Promise<OrderView> {
      harness.promotions.discountOf = () => 500;
      const person_id = await harness.person(`code-${newId()}`);
      const { class_id } = await harness.class(await harness.singlePaymentRule());
      const request = command({ person_id, class_id, promo_codes: ['FIVE'] });
      const [reply] = await harness.get(OpenDiscountedOrder).execute([request]);
      if (!reply || 'unavailable' in reply) throw new Error('the order was not opened');
      return expire(answerOf(reply));
    }

    it('holds them again for the replacement', async () => {
      const order = await discounted();
      await pay(order);
      const replacement = await replacementOf(order);
      expect(replacement).toMatchObject({ amount_minor: 1_000, discounts: [{ code: 'FIVE', discount_minor: 500 }] });
      expect(harness.promotions.held.get(replacement.order_id)).toEqual(['FIVE']);
    });

    it('stays credit when a code is used up, or gives less', async () => {
      const [one, two] = [await discounted(), await discounted()];
      harness.promotions.discountOf = () => {
        throw new Refusal('PROMO_CODE_USED_UP', 'All uses of this promo code are taken.');
      };
      await pay(one);
      harness.promotions.discountOf = () => 400;
      await pay(two);
      expect([await codesOf(one), await codesOf(two)]).toEqual([['PROMO_CODE_USED_UP'], ['PRICE_CHANGED']]);
      const drafts = await harness.query(`select from order_drafts where command_id like 'late-payment%'`);
      expect(drafts).toEqual([]);
    });

    it('waits while promotions is away, and releases the hold of an order that is refused', async () => {
      const order = await discounted();
      harness.promotions.discountOf = () => {
        throw new ServiceUnavailable('promotions', 'no answer in time');
      };
      await pay(order);
      expect((await lateOf(order))[0]?.outcome).toBe('undecided');
      harness.promotions.discountOf = () => 500;
      await harness.get(ChangeClass).execute([command({ class_id: order.class_id, capacity: 1 })]);
      await harness.open(await harness.person(`seat-${newId()}`), order.class_id);
      const released = harness.promotions.released.length;
      await harness.get(DecideLatePayments).execute();
      expect(await codesOf(order)).toEqual(['CLASS_FULL']);
      expect(harness.promotions.released).toHaveLength(released + 1);
    });
  });
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { ServiceUnavailable, TransientFault } from '#messaging/faults.js';
import { Transactions } from '#persistence/transaction.js';
import { eventually } from '../../../../../test/support/eventually.js';
import { command } from '../../../../../test/support/messages/messages.js';
import { answerOf, refusalOf } from '../../../../../test/support/messages/replies.js';
import { type SubscriptionsHarness, withTwo } from '../../../test/harness.js';
import { ChangeClass } from '../../classes/change-class.js';
import type { RuleView } from '../../rules/rule-view.js';
import { ExpireOrder } from '../lifecycle/expire-order.js';
import { OpenDiscountedOrder } from './open-discounted-order.js';
import { OrderDraftsStore } from './order-drafts.store.js';
import { VoidDrafts } from './void-drafts.js';

describe('opening orders with promo codes', () => {
  let harness: SubscriptionsHarness;
  let other: SubscriptionsHarness;
  let priced: RuleView;

  withTwo(async (one, two) => {
    harness = one;
    other = two;
    priced = await harness.singlePaymentRule();
  });
  beforeEach(() => {
    harness.promotions.discountOf = () => 500;
    harness.promotions.held.clear();
    harness.promotions.released.length = 0;
    harness.promotions.payBy = null;
  });

  const orderRequest = (person_id: string, class_id: string, promo_codes = ['SPRING'], id?: string) =>
    command({ person_id, class_id, promo_codes }, id);
  const open = (...requests: ReturnType<typeof orderRequest>[]) => harness.get(OpenDiscountedOrder).execute(requests);
  const drafts = () => harness.query('select from order_drafts');

  /** Codes are held for exactly the orders that exist. */
  const heldForOrdersAlone = () =>
    eventually(async () => {
      const held = [...harness.promotions.held.keys()];
      const rows = await harness.query<{ id: string }>('select id from orders where id = any ($1::uuid[])', [held]);
      expect(rows.map(({ id }) => id).sort()).toEqual(held.sort());
    });

  it('charges the rest of the price, explains it, and publishes it', async () => {
    const person = await harness.person('spring');
    const { class_id } = await harness.class(priced);
    harness.promotions.discountOf = (code) => (code === 'SPRING' ? 300 : 201);
    const [reply] = await open(orderRequest(person, class_id, ['SPRING', 'FRIEND']));
    const discounts = [
      { code: 'SPRING', discount_minor: 300, explanation: 'SPRING takes off 300.' },
      { code: 'FRIEND', discount_minor: 201, explanation: 'FRIEND takes off 201.' },
    ];
    const order = answerOf(reply);
    expect(order).toMatchObject({
      state: 'opened',
      price_minor: 1_500,
      discount_minor: 501,
      discounts,
      amount_minor: 999,
      explanation: expect.stringMatching(
        /^It costs 15.00 EUR, .* SPRING takes off 300. FRIEND takes off 201. 9.99 EUR remain to be paid.$/,
      ),
    });
    expect(await harness.order(order.order_id)).toEqual(order);
    const [opened] = await harness.published(order.order_id);
    expect(opened).toMatchObject({
      type: 'subscriptions.order-opened.v1',
      data: { amount_minor: 999, discount_minor: 501, discounts },
    });
    expect(harness.promotions.held.get(order.order_id)).toEqual(['SPRING', 'FRIEND']);
    expect(await drafts()).toHaveLength(0);
  });

  it('closes an order at once when the discounts cover the whole price', async () => {
    const person = await harness.person('whole');
    const { class_id } = await harness.class(priced);
    harness.promotions.discountOf = (_, { amount_minor }) => amount_minor;
    const order = answerOf((await open(orderRequest(person, class_id)))[0]);
    expect(order).toMatchObject({ state: 'closed', amount_minor: 0, discount_minor: 1_500, expires_at: null });
    expect(order.explanation).toMatch(/SPRING takes off 1500\. Nothing remains to be paid\.$/);
    expect(await harness.enrolments(order.order_id)).toBe(1);
    expect((await harness.published(order.order_id)).map(({ type }) => type)).toEqual([
      'subscriptions.order-closed.v1',
    ]);
  });

  it('expires with the codes that it holds, where they are held for a shorter time than the class allows', async () => {
    const { class_id } = await harness.class(priced, { payment_window_hours: 48 });
    const now = harness.clock.now();
    const [short, long] = [now.add({ hours: 2 }).toString(), now.add({ hours: 72 }).toString()];
    harness.promotions.payBy = long;
    const [late] = await open(orderRequest(await harness.person('late'), class_id));
    expect(answerOf(late).expires_at).toBe(now.add({ hours: 48 }).toString());
    harness.promotions.payBy = short;
    const [early] = await open(orderRequest(await harness.person('early'), class_id));
    const { order_id, expires_at } = answerOf(early);
    expect(expires_at).toBe(short);
    harness.clock.moveBy({ hours: 1 });
    await harness.get(ExpireOrder).execute([order_id]);
    expect(await harness.eventsOf({ order_id })).toEqual(['order-opened']);
    harness.clock.moveBy({ hours: 1 });
    // Promotions releases the holds when it receives the event.
    await harness.get(ExpireOrder).execute([order_id]);
    expect(await harness.eventsOf({ order_id })).toEqual(['order-opened', 'order-expired']);
  });

  it('is refused when its codes are not held any longer, and releases them', async () => {
    const { class_id } = await harness.class(priced);
    harness.promotions.payBy = harness.clock.now().toString();
    const [reply] = await open(orderRequest(await harness.person('over'), class_id));
    expect(refusalOf(reply)).toBe('PRICE_CHANGED');
    await eventually(() => expect(harness.promotions.released).toHaveLength(1));
  });

  it('opens nothing when promotions refuses, and stores the refusal', async () => {
    const person = await harness.person('no');
    const { class_id } = await harness.class(priced);
    harness.promotions.discountOf = () => {
      throw new Refusal('PROMO_CODE_NOT_USABLE', 'This promo code cannot be used.');
    };
    const request = orderRequest(person, class_id);
    expect((await open(request)).map(refusalOf)).toEqual(['PROMO_CODE_NOT_USABLE']);
    harness.promotions.discountOf = () => 500;
    expect((await open(request)).map(refusalOf)).toEqual(['PROMO_CODE_NOT_USABLE']);
    expect((await open(orderRequest(person, class_id))).map(refusalOf)).toEqual([null]);
    expect(await harness.seatsTaken(class_id)).toBe(1);
    expect(await drafts()).toHaveLength(0);
  });

  it('requests no hold for an order that would be refused anyway', async () => {
    const [person, seated] = await harness.persons(2, 'anyway');
    const full = await harness.class(priced, { capacity: 1 });
    const free = await harness.class(await harness.freeRule(), { parameters: {} });
    await harness.open(seated!, full.class_id);
    const replies = await open(
      orderRequest(newId(), full.class_id),
      orderRequest(person!, newId()),
      orderRequest(person!, full.class_id),
      orderRequest(person!, free.class_id),
    );
    expect(replies.map(refusalOf)).toEqual([
      'PERSON_NOT_FOUND',
      'CLASS_NOT_FOUND',
      'CLASS_FULL',
      'NOTHING_TO_DISCOUNT',
    ]);
    expect([harness.promotions.held.size, harness.promotions.released.length]).toEqual([0, 0]);
  });

  it('releases the holds of orders that get no seat when 60 persons compete for 7', async () => {
    const { class_id } = await harness.class(priced, { capacity: 7 });
    const persons = await harness.persons(60, 'crowd');
    const sets = Array.from({ length: 12 }, (_, set) => persons.slice(set * 5, set * 5 + 5));
    const replies = await Promise.all(
      sets.map((set, index) =>
        (index % 2 ? harness : other)
          .get(OpenDiscountedOrder)
          .execute(set.map((person) => orderRequest(person, class_id))),
      ),
    );
    const outcomes = replies.flat().map(refusalOf);
    expect(outcomes.filter((code) => code === null)).toHaveLength(7);
    expect(outcomes.filter((code) => code === 'CLASS_FULL')).toHaveLength(53);
    await heldForOrdersAlone();
    expect(harness.promotions.held.size).toBe(7);
    expect(await drafts()).toHaveLength(0);
  });

  it('refuses a discount of an outdated price, and releases it', async () => {
    const person = await harness.person('moved');
    const { class_id } = await harness.class(priced);
    harness.promotions.discountOf = async () => {
      await other.get(ChangeClass).execute([command({ class_id, parameters: { price: 9_900 } })]);
      return 500;
    };
    expect((await open(orderRequest(person, class_id))).map(refusalOf)).toEqual(['PRICE_CHANGED']);
    await heldForOrdersAlone();
    expect(await harness.seatsTaken(class_id)).toBe(0);
  });

  describe('when a step fails', () => {
    it('releases a hold without reply when the repeat is refused', async () => {
      const [person, quicker] = await harness.persons(2, 'refused');
      const { class_id } = await harness.class(priced, { capacity: 1 });
      const request = orderRequest(person!, class_id);
      harness.promotions.unansweredPerson = person;
      expect(await open(request)).toEqual([{ unavailable: expect.any(String) }]);
      expect(harness.promotions.held.size).toBe(1);
      harness.promotions.unansweredPerson = undefined;
      await harness.open(quicker!, class_id);
      expect((await open(request)).map(refusalOf)).toEqual(['CLASS_FULL']);
      await heldForOrdersAlone();
      expect(harness.promotions.held.size).toBe(0);
    });

    it('refuses with PRICE_CHANGED when a hold without reply is for another price', async () => {
      const person = await harness.person('repriced');
      const { class_id } = await harness.class(priced);
      const request = orderRequest(person, class_id);
      harness.promotions.unansweredPerson = person;
      await open(request);
      harness.promotions.unansweredPerson = undefined;
      await harness.get(ChangeClass).execute([command({ class_id, parameters: { price: 9_900 } })]);
      expect((await open(request)).map(refusalOf)).toEqual(['PRICE_CHANGED']);
      await heldForOrdersAlone();
      expect(harness.promotions.held.size).toBe(0);
      expect((await open(orderRequest(person, class_id))).map(refusalOf)).toEqual([null]);
    });

    it('finds its own hold again when the command is repeated', async () => {
      const person = await harness.person('again');
      const { class_id } = await harness.class(priced);
      const id = newId();
      // The traces of a first attempt that crashed while promotions held its codes.
      const drafted = await harness
        .get(Transactions)
        .run((tx) => harness.get(OrderDraftsStore).draft(tx, [id], harness.clock.now()));
      const order = answerOf((await open(orderRequest(person, class_id, ['SPRING'], id)))[0]);
      expect(order.order_id).toBe(drafted.get(id)?.orderId);
      expect(await drafts()).toHaveLength(0);
    });

    it('replies unavailable while promotions is away, and then opens the order', async () => {
      const person = await harness.person('away');
      const { class_id } = await harness.class(priced);
      harness.promotions.discountOf = () => {
        throw new ServiceUnavailable('promotions', 'no instance is running');
      };
      const request = orderRequest(person, class_id);
      expect(await open(request)).toEqual([{ unavailable: expect.stringContaining('no instance is running') }]);
      harness.promotions.discountOf = () => 500;
      expect((await open(request)).map(refusalOf)).toEqual([null]);
      await heldForOrdersAlone();
      expect(await drafts()).toHaveLength(0);
    });

    it('keeps a hold without reply for the repeat, and opens the other orders of the batch', async () => {
      const [unanswered, beside] = await harness.persons(2, 'unanswered');
      const { class_id } = await harness.class(priced);
      const request = orderRequest(unanswered!, class_id);
      harness.promotions.unansweredPerson = unanswered;
      const [silence, reply] = await open(request, orderRequest(beside!, class_id));
      expect(silence).toEqual({ unavailable: expect.stringContaining('no answer in time') });
      const { order_id: besideId } = answerOf(reply);
      const [heldId] = [...harness.promotions.held.keys()].filter((id) => id !== besideId);
      harness.promotions.unansweredPerson = undefined;
      const order = answerOf((await open(request))[0]);
      expect(order.order_id).toBe(heldId);
      expect(harness.promotions.released).toEqual([]);
      await heldForOrdersAlone();
      expect(await drafts()).toHaveLength(0);
    });

    it('drafts another order when its first was voided before it was opened', async () => {
      const person = await harness.person('lapsed');
      const { class_id } = await harness.class(priced);
      const voided: string[] = [];
      harness.promotions.discountOf = async (_, { order_id }) => {
        if (voided.length === 0) {
          voided.push(order_id);
          expect(await other.get(VoidDrafts).execute([order_id])).toEqual(new Set());
        }
        return 500;
      };
      const request = orderRequest(person, class_id);
      await expect(open(request)).rejects.toThrow(TransientFault);
      const order = answerOf((await open(request))[0]);
      expect(voided).not.toContain(order.order_id);
      expect(await harness.get(VoidDrafts).execute([order.order_id, ...voided])).toEqual(new Set([order.order_id]));
    });

    it('opens or voids an order, never both and never neither', async () => {
      const { class_id } = await harness.class(priced);
      const persons = await harness.persons(40, 'race');
      const said = new Map<string, boolean>();
      const underWay: Promise<unknown>[] = [];
      harness.promotions.discountOf = (_, { order_id }) => {
        const requested = other.get(VoidDrafts).execute([order_id]);
        underWay.push(requested.then((existing) => said.set(order_id, existing.has(order_id))));
        return 500;
      };
      await Promise.allSettled(persons.map((person) => open(orderRequest(person, class_id))));
      await Promise.all(underWay);
      const rows = await harness.query<{ id: string }>('select id from orders where class_id = $1', [class_id]);
      const exists = new Set(rows.map(({ id }) => id));
      for (const [orderId, saidToExist] of said) expect([orderId, exists.has(orderId)]).toEqual([orderId, saidToExist]);
    });

    it('voids drafts whose command is not repeated within a day', async () => {
      const person = await harness.person('gone');
      const { class_id } = await harness.class(priced);
      await harness
        .get(Transactions)
        .run((tx) => harness.get(OrderDraftsStore).draft(tx, [newId()], harness.clock.now()));
      harness.clock.moveBy({ hours: 25 });
      await open(orderRequest(person, class_id));
      harness.clock.moveBy({ hours: -25 });
      expect(await drafts()).toHaveLength(0);
    });
  });

  describe('with an idempotency key', () => {
    it('replies to a repeat with the first answer and requests no further hold', async () => {
      const person = await harness.person('key');
      const { class_id } = await harness.class(priced);
      const id = newId();
      const [first] = await open(orderRequest(person, class_id, ['SPRING'], id));
      const repeats = await open(
        orderRequest(person, class_id, ['SPRING'], id),
        orderRequest(person, class_id, ['SPRING'], id),
      );
      const again = { ...first, firstAnsweredAt: expect.anything() };
      expect(repeats).toEqual([again, again]);
      expect([harness.promotions.held.size, harness.promotions.released.length]).toEqual([1, 0]);
      expect((await open(orderRequest(person, class_id, ['OTHER'], id))).map(refusalOf)).toEqual([
        'IDEMPOTENCY_KEY_REUSED',
      ]);
      await heldForOrdersAlone();
    });

    it('keeps the hold of an order when another body under the same key arrives just before the opening', async () => {
      const person = await harness.person('bodies');
      const { class_id } = await harness.class(priced);
      const id = newId();
      const [looked, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      harness.promotions.discountOf = async (code) => {
        if (code === 'spring') looked.resolve();
        await (code === 'spring' ? opened : looked).promise;
        return 500;
      };
      const opening = open(orderRequest(person, class_id, ['SPRING'], id));
      const repeating = other.get(OpenDiscountedOrder).execute([orderRequest(person, class_id, ['spring'], id)]);
      const order = answerOf((await opening)[0]);
      opened.resolve();
      expect((await repeating).map(refusalOf)).toEqual(['IDEMPOTENCY_KEY_REUSED']);
      await other.get(OpenDiscountedOrder).beforeApplicationShutdown();
      expect(harness.promotions.released).toEqual([]);
      expect([...harness.promotions.held.keys()]).toEqual([order.order_id]);
    });

    it('opens one order and keeps one hold when both instances receive the command at once', async () => {
      const person = await harness.person('both');
      const { class_id } = await harness.class(priced);
      const id = newId();
      const replies = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 ? harness : other)
            .get(OpenDiscountedOrder)
            .execute([orderRequest(person, class_id, ['SPRING'], id)]),
        ),
      );
      expect(new Set(replies.flat().map((reply) => answerOf(reply).order_id)).size).toBe(1);
      await heldForOrdersAlone();
      expect(harness.promotions.held.size).toBe(1);
      expect(await drafts()).toHaveLength(0);
    });
  });
});

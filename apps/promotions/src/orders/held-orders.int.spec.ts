import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RequestOf } from '#contracts/contract.js';
import type { holdCodes } from '#contracts/promotions/promo-redemptions.js';
import { voidDrafts } from '#contracts/subscriptions/orders.js';
import { newId } from '#kernel/ids.js';
import { command, envelope } from '../../../../test/support/messages/messages.js';
import { closedOrder } from '../../../../test/support/messages/order-events.js';
import { answerOf, refusalOf } from '../../../../test/support/messages/replies.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import { someCode } from '../../test/some-code.js';
import { violations } from '../../test/violations.js';
import { ConvertOrders } from '../conversions/convert-orders.js';
import { ProjectClosedOrders } from '../persons/project-closed-orders.js';
import { HoldCodes } from '../redemptions/holding/hold-codes.js';
import { PinHolds } from '../redemptions/holding/pin-holds.js';
import { ReleaseHolds } from '../redemptions/holding/release-holds.js';
import { ReleaseLapsedHoldsJob } from '../redemptions/holding/release-lapsed-holds.job.js';
import { RedeemHolds } from '../redemptions/redeeming/redeem-holds.js';
import { OrdersConsumer } from './orders.consumer.js';

let harness: PromotionsHarness;
let neighbour: PromotionsHarness;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
  neighbour = await PromotionsHarness.open(harness);
});

afterAll(async () => {
  await neighbour[Symbol.asyncDispose]();
  await harness[Symbol.asyncDispose]();
});

type Request = RequestOf<typeof holdCodes>;

function order(codes: readonly string[], more: Partial<Request> = {}): Request {
  return {
    order_id: newId(),
    person_id: newId(),
    offer_id: newId(),
    amount_minor: 4_000,
    currency: 'EUR',
    codes: [...codes],
    ...more,
  };
}

const hold = (requests: readonly Request[], instance = harness) =>
  instance.get(HoldCodes).execute(requests.map((request) => command(request)));

const holdOne = async (request: Request) => (await hold([request]))[0];

const release = (orderId: string) =>
  harness.get(ReleaseHolds).execute([{ orderId, reason: 'cancelled', cause: envelope({}) }]);

function closed({ order_id, person_id, offer_id }: Request, amountMinor: number, id = newId()) {
  return envelope(closedOrder({ order_id, person_id, class_id: offer_id, amount_minor: amountMinor }), id);
}

const redeem = (...events: ReturnType<typeof closed>[]) => harness.get(RedeemHolds).execute(events);

/** Subscriptions, which knows these orders and no others. */
function whereThereAre(...existing: string[]) {
  const asked: string[] = [];
  harness.others.on(voidDrafts, ({ order_ids: orderIds }) => {
    asked.push(...orderIds);
    return { existing: existing.filter((orderId) => orderIds.includes(orderId)) };
  });
  return asked;
}

/** The consumer of orders, as the broker would call it. */
const consumer = () =>
  new OrdersConsumer(
    harness.get(PinHolds),
    harness.get(RedeemHolds),
    harness.get(ReleaseHolds),
    harness.get(ConvertOrders),
    harness.get(ProjectClosedOrders),
  );

const sweep = () => harness.get(ReleaseLapsedHoldsJob).sweep();

async function counters(id: string) {
  const [row] = await harness.query(
    'select status, used, held, given_minor, held_minor from promo_code where id = $1',
    [id],
  );
  return row;
}

async function states(request: Request) {
  const rows = await harness.query<{ state: string }>(
    'select state from redemption where order_id = $1 order by state',
    [request.order_id],
  );
  return rows.map(({ state }) => state);
}

describe('a hold', () => {
  it('takes a use in any letter case, and says its benefit and until when', async () => {
    const { id, code } = await someCode(harness, { code: 'Spring-Hold', max_uses: 5 });
    const request = order(['  spring-HOLD ']);
    const answer = answerOf(await holdOne(request));
    expect(answer).toEqual({
      order_id: request.order_id,
      discount_minor: 400,
      holds: [
        {
          redemption_id: expect.any(String),
          code_id: id,
          code,
          discount_minor: 400,
          explanation: 'Spring-Hold: minus 4.00 EUR (10% of 40.00 EUR is 4.00 EUR)',
        },
      ],
      lapses_at: harness.clock.now().add({ minutes: 15 }).toString(),
      pay_by: null,
    });
    expect(await counters(id)).toMatchObject({ used: 0, held: 1, given_minor: 0, held_minor: 400, status: 'active' });
  });

  it('of several codes goes by precedence, and its parts add up', async () => {
    const half = await someCode(harness, { percent_bp: 5_000, stacking: 'combinable', precedence: 2 });
    const ten = await someCode(harness, {
      amount_minor: 1_001,
      currency: 'EUR',
      stacking: 'combinable',
      precedence: 1,
    });
    const answer = answerOf(await holdOne(order([half.code, ten.code], { amount_minor: 4_000 })));
    expect(answer.holds.map(({ code, discount_minor }) => [code, discount_minor])).toEqual([
      [ten.code, 1_001],
      [half.code, 1_500], // 14.995, half up
    ]);
    expect(answer.discount_minor).toBe(2_501);
  });

  it('of several codes is all of them or none', async () => {
    const one = await someCode(harness, { stacking: 'combinable', max_uses: 5 });
    const last = await someCode(harness, { stacking: 'combinable', max_uses: 1 });
    const replies = await hold([order([one.code, last.code]), order([one.code, last.code]), order([one.code])]);
    expect(replies.map(refusalOf)).toEqual([null, 'PROMO_CODE_NOT_USABLE', null]);
    expect(await counters(one.id)).toMatchObject({ held: 2 });
    expect(await counters(last.id)).toMatchObject({ held: 1 });
    const reasons = await harness.query<{ reason: string | null }>(
      `select reason from decision_receipt where code_id = any ($1) and not allowed order by reason`,
      [[one.id, last.id]],
    );
    expect(reasons.map(({ reason }) => reason)).toEqual(['PROMO_CODE_USED_UP', 'WITH_ANOTHER']);
    expect(await violations(harness)).toEqual([]);
  });

  it('keeps exclusive codes alone, and no code beside itself or for nothing', async () => {
    const exclusive = await someCode(harness);
    const all = await someCode(harness, { percent_bp: 10_000, stacking: 'combinable', audience: 'everyone' });
    const more = await someCode(harness, { stacking: 'combinable', precedence: 1 });
    for (const codes of [
      [exclusive.code, more.code],
      [more.code, more.code.toLowerCase()],
      [all.code, more.code],
    ]) {
      expect(refusalOf(await holdOne(order(codes)))).toBe('PROMO_CODE_NOT_USABLE');
    }
    const reasons = await harness.query<{ reason: string }>(
      `select distinct reason from decision_receipt where code_id = any ($1) and not allowed order by reason`,
      [[exclusive.id, all.id, more.id]],
    );
    expect(reasons.map(({ reason }) => reason)).toEqual(['PROMO_CODE_NOT_COMBINABLE', 'WITH_ANOTHER']);
  });

  it('that is repeated is the same hold, waiting from now on', async () => {
    const { id, code } = await someCode(harness, { max_uses: 1 });
    const request = order([code]);
    const first = answerOf(await holdOne(request));
    harness.clock.moveBy({ minutes: 10 });
    const again = answerOf(await holdOne(request));
    expect(again).toEqual({ ...first, lapses_at: harness.clock.now().add({ minutes: 15 }).toString() });
    expect(await counters(id)).toMatchObject({ held: 1 });
  });

  it('that is asked for at the same time in two instances and twice in a batch is one hold', async () => {
    const { id, code } = await someCode(harness, { max_uses: 9 });
    const request = order([code]);
    const replies = (await Promise.all([hold([request, request]), hold([request], neighbour), hold([request])])).flat();
    const redemptionIds = replies.map((reply) => answerOf(reply).holds[0]?.redemption_id);
    expect(new Set(redemptionIds).size).toBe(1);
    expect(await counters(id)).toMatchObject({ held: 1 });
  });

  it('of the same order for something else is refused', async () => {
    const { code } = await someCode(harness, { stacking: 'combinable' });
    const other = await someCode(harness, { stacking: 'combinable' });
    const request = order([code]);
    await holdOne(request);
    for (const change of [{ amount_minor: 3_999 }, { codes: [other.code] }, { codes: [code, other.code] }]) {
      expect(refusalOf(await holdOne({ ...request, ...change }))).toBe('IDEMPOTENCY_KEY_REUSED');
    }
  });

  it('that was refused leaves nothing, so that asking again decides anew', async () => {
    const { id, code } = await someCode(harness, { status: 'paused' });
    const request = order([code]);
    expect(refusalOf(await holdOne(request))).toBe('PROMO_CODE_NOT_USABLE');
    await harness.query(`update promo_code set status = 'active', version = 2 where id = $1`, [id]);
    expect(refusalOf(await holdOne(request))).toBeNull();
  });

  it('of the last use does not deactivate the code: it may come back', async () => {
    const { id, code } = await someCode(harness, { max_uses: 1 });
    const request = order([code]);
    await holdOne(request);
    expect(await counters(id)).toMatchObject({ status: 'active', held: 1 });
    expect(refusalOf(await holdOne(order([code])))).toBe('PROMO_CODE_NOT_USABLE');
    await release(request.order_id);
    expect(refusalOf(await holdOne(order([code])))).toBeNull();
  });
});

describe('why not', () => {
  it('is one text for strangers, whether or not there is such a code', async () => {
    const { code } = await someCode(harness, { status: 'paused' });
    const replies = await hold([order([code]), order(['no such code'])]);
    const [known, unknown] = replies.map((reply) => ('refusal' in reply ? reply.refusal : null));
    expect(known).toEqual(unknown);
    expect(known).toMatchObject({ code: 'PROMO_CODE_NOT_USABLE', details: {} });
  });

  it('states the precise reason to those who hold the code', async () => {
    const { id, code } = await someCode(harness, { max_uses_per_person: 1 });
    const [user, listed] = [newId(), newId()];
    await holdOne(order([code], { person_id: user }));
    expect(refusalOf(await holdOne(order([code], { person_id: user })))).toBe('PROMO_CODE_PERSON_LIMIT');
    await harness.query('insert into promo_code_person values ($1, $2)', [id, listed]);
    const usd = await someCode(harness, { amount_minor: 100, currency: 'USD', audience: 'listed' });
    await harness.query('insert into promo_code_person values ($1, $2)', [usd.id, listed]);
    const reply = await holdOne(order([usd.code], { person_id: listed }));
    expect(reply).toMatchObject({
      refusal: { code: 'PROMO_CODE_WRONG_CURRENCY', details: { promo_code: usd.code, currency: 'USD' } },
    });
  });

  it('leaves a receipt, also of a code that does not exist', async () => {
    const request = order(['no such code either']);
    await holdOne(request);
    expect(
      await harness.query('select * from decision_receipt where person_id = $1', [request.person_id]),
    ).toMatchObject([
      { code_id: null, code: 'no such code either', allowed: false, reason: 'PROMO_CODE_UNKNOWN', stage: 'hold' },
    ]);
  });
});

describe('an order that closes', () => {
  it('redeems what is held for it, once', async () => {
    const { id, code } = await someCode(harness, { max_uses: 1 });
    const request = order([code]);
    await holdOne(request);
    const event = closed(request, 3_600);
    await redeem(event);
    await redeem(event);
    await redeem(closed(request, 3_600));
    expect(await counters(id)).toEqual({ status: 'expired', used: 1, held: 0, given_minor: 400, held_minor: 0 });
    expect(await harness.query('select * from redemption_entry where code_id = $1', [id])).toMatchObject([
      { entry_no: 1, kind: 'redeemed', benefit_minor: 400, revenue_minor: 3_600, order_id: request.order_id },
    ]);
    const published = await harness.published(id);
    expect(published).toMatchObject([{ type: 'promotions.promo-code-deactivated.v1', causationId: event.id }]);
    expect(answerOf(await holdOne(request)).lapses_at).toBeNull();
    expect(await violations(harness)).toEqual([]);
  });

  it('without a code is nothing to promotions', async () => {
    const left = () =>
      harness.query(
        `select (select count(*) from redemption) as uses, (select count(*) from redemption_entry) as entries,
           (select count(*) from decision_receipt) as receipts, (select count(*) from conversion) as conversions,
           (select count(*) from outbox) as events, (select count(*) from inbox where consumer = 'redeem-holds') as redeemed`,
      );
    const before = await left();
    await consumer().onOrderClosed([closed(order(['x']), 4_000)]);
    expect(await left()).toEqual(before);
  });

  it('although its hold was given back is a fault that somebody must see', async () => {
    const { code } = await someCode(harness);
    const request = order([code]);
    await holdOne(request);
    await release(request.order_id);
    await expect(redeem(closed(request, 3_600))).rejects.toThrow('released');
  });
});

describe('an order that ends', () => {
  it('gives back what is held for it, and nothing that is redeemed', async () => {
    const { id, code } = await someCode(harness, { max_uses: 2, max_uses_per_person: 1 });
    const person_id = newId();
    const [ended, kept] = [order([code], { person_id }), order([code])];
    await hold([ended, kept]);
    await redeem(closed(kept, 3_600));
    expect(await release(ended.order_id)).toEqual([1]);
    expect(await release(ended.order_id)).toEqual([0]);
    expect(await release(kept.order_id)).toEqual([0]);
    expect(await counters(id)).toMatchObject({ used: 1, held: 0, held_minor: 0, status: 'active' });
    expect(refusalOf(await holdOne(order([code], { person_id })))).toBeNull();
    expect(refusalOf(await holdOne(ended))).toBe('PROMO_HOLD_ENDED');
    expect(await violations(harness)).toEqual([]);
  });
});

describe('a hold whose order never arrived', () => {
  it('lapses when its time is over and subscriptions does not know the order', async () => {
    const { id, code } = await someCode(harness, { max_uses: 1 });
    const request = order([code]);
    await holdOne(request);
    const asked = whereThereAre();
    await sweep();
    expect(asked).not.toContain(request.order_id);
    harness.clock.moveBy({ minutes: 15 });
    await sweep();
    expect(asked).toContain(request.order_id);
    expect(await states(request)).toEqual(['lapsed']);
    expect(await counters(id)).toMatchObject({ held: 0, status: 'active' });
    expect(await violations(harness)).toEqual([]);
  });

  it('lapses in one sweep with all others, however many codes go together', async () => {
    const combinable = () => someCode(harness, { stacking: 'combinable' });
    const codes = [(await combinable()).code, (await combinable()).code];
    const requests = Array.from({ length: 300 }, () => order(codes));
    await harness.get(HoldCodes).execute(requests.map((request) => command(request)));
    harness.clock.moveBy({ minutes: 15 });
    whereThereAre();
    await sweep();
    const left = `select from redemption where state = 'held' and order_id = any ($1)`;
    expect(await harness.query(left, [requests.map(({ order_id: id }) => id)])).toEqual([]);
  });

  it('stays when subscriptions knows the order after all, and is not asked about again', async () => {
    const { code } = await someCode(harness);
    const request = order([code]);
    await holdOne(request);
    harness.clock.moveBy({ minutes: 16 });
    const asked = whereThereAre(request.order_id);
    await sweep();
    await sweep();
    expect(asked.filter((orderId) => orderId === request.order_id)).toHaveLength(1);
    expect(await states(request)).toEqual(['held']);
    await redeem(closed(request, 3_600));
    expect(await states(request)).toEqual(['redeemed']);
  });

  it('waits while subscriptions is away', async () => {
    const { code } = await someCode(harness);
    const request = order([code]);
    await holdOne(request);
    harness.clock.moveBy({ minutes: 16 });
    harness.others.on(voidDrafts, () => Promise.reject(new Error('away')));
    await expect(sweep()).rejects.toThrow('away');
    expect(await states(request)).toEqual(['held']);
    whereThereAre();
    await sweep();
    expect(await states(request)).toEqual(['lapsed']);
  });

  it('lapses no more once the order has arrived, at any sweep', async () => {
    const { code } = await someCode(harness);
    const request = order([code]);
    await holdOne(request);
    await harness.get(PinHolds).execute([request.order_id]);
    harness.clock.moveBy({ hours: 48 });
    const asked = whereThereAre();
    await sweep();
    expect(asked).not.toContain(request.order_id);
    expect(await states(request)).toEqual(['held']);
  });
});

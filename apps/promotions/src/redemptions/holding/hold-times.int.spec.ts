import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RequestOf } from '#contracts/contract.js';
import { changePromoCode } from '#contracts/promotions/promo-codes.js';
import type { holdCodes } from '#contracts/promotions/promo-redemptions.js';
import { newId } from '#kernel/ids.js';
import { command, envelope } from '../../../../../test/support/messages/messages.js';
import { answerOf, refusalOf } from '../../../../../test/support/messages/replies.js';
import { PromotionsHarness } from '../../../test/promotions-harness.js';
import { type CodeColumns, someCode } from '../../../test/some-code.js';
import { violations } from '../../../test/violations.js';
import { ChangeCode } from '../../codes/change-code.js';
import { HoldCodes } from './hold-codes.js';
import { ReleaseHolds } from './release-holds.js';

let harness: PromotionsHarness;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
});
afterAll(() => harness[Symbol.asyncDispose]());

type Request = RequestOf<typeof holdCodes>;

const order = (codes: readonly string[], person_id = newId()): Request => {
  return { order_id: newId(), person_id, offer_id: newId(), amount_minor: 4_000, currency: 'EUR', codes: [...codes] };
};
const hold = async (request: Request) => (await harness.get(HoldCodes).execute([command(request)]))[0];
const payByOf = async (request: Request) => answerOf(await hold(request)).pay_by;

const inHours = (hours: number) => harness.clock.now().add({ hours }).toString();

describe('the time for which an order holds codes', () => {
  it.each<[string, CodeColumns, number | null]>([
    ['is left to the class where the code says nothing', {}, null],
    ['is the hold time of the code', { hold_hours: 6 }, 6],
    ['ends with the validity of the code', { valid_until: 3 }, 3],
    ['ends with the validity where the hold time is longer', { valid_until: 3, hold_hours: 6 }, 3],
    ['is the hold time where the validity is longer', { valid_until: 9, hold_hours: 6 }, 6],
    ['goes beyond the validity where the code says so', { valid_until: 3, hold_past_validity: true }, null],
    ['is the hold time, beyond the validity', { valid_until: 3, hold_past_validity: true, hold_hours: 6 }, 6],
  ])('%s', async (_, { valid_until, ...columns }, hours) => {
    const until = typeof valid_until === 'number' ? { valid_until: inHours(valid_until) } : {};
    const { code } = await someCode(harness, { ...columns, ...until });
    expect(await payByOf(order([code]))).toBe(hours === null ? null : inHours(hours));
  });

  it('is that of the code which is held for the shortest time', async () => {
    const terms = { stacking: 'combinable' };
    const [one, two, three] = [
      await someCode(harness, { ...terms, hold_hours: 9, precedence: 1 }),
      await someCode(harness, { ...terms, hold_hours: 6, precedence: 2 }),
      await someCode(harness, terms),
    ];
    expect(await payByOf(order([one.code, two.code, three.code]))).toBe(inHours(6));
  });

  it('begins with the first request: a repeat does not extend it, nor does a later edit of the code', async () => {
    const { id, code } = await someCode(harness, { hold_hours: 6 });
    const request = order([code]);
    const first = await payByOf(request);
    harness.clock.moveBy({ minutes: 10 });
    const change = changePromoCode.request.parse({ code_id: id, changed_by: 'ravi', hold_hours: 48 });
    answerOf((await harness.get(ChangeCode).execute([command(change)]))[0]);
    expect(await payByOf(request)).toBe(first);
    expect(await payByOf(order([code]))).toBe(inHours(48));
  });

  it('frees the uses of a limited code for others once the order has expired', async () => {
    const { code } = await someCode(harness, { hold_hours: 1, max_uses: 1 });
    const request = order([code]);
    await hold(request);
    expect(refusalOf(await hold(order([code])))).toBe('PROMO_CODE_NOT_USABLE');
    // Subscriptions expires the order at pay_by, and publishes order-expired.
    await harness.get(ReleaseHolds).execute([{ orderId: request.order_id, reason: 'expired', cause: envelope({}) }]);
    expect(refusalOf(await hold(order([code])))).toBeNull();
    expect(await violations(harness)).toEqual([]);
  });
});

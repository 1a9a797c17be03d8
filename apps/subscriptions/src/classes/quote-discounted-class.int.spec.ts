import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { ServiceUnavailable } from '#messaging/faults.js';
import { command } from '../../../../test/support/messages/messages.js';
import { answerOf, refusalOf } from '../../../../test/support/messages/replies.js';
import { SubscriptionsHarness } from '../../test/harness.js';
import { OpenDiscountedOrder } from '../orders/opening/open-discounted-order.js';
import { ChangeClass } from './change-class.js';
import { QuoteDiscountedClass } from './quote-discounted-class.js';

describe('a quote with promo codes', () => {
  let harness: SubscriptionsHarness;
  let person: string;
  let class_id: string;

  beforeAll(async () => {
    harness = await SubscriptionsHarness.open();
    person = await harness.person('quoted');
    class_id = (await harness.class(await harness.singlePaymentRule(), { capacity: 1 })).class_id;
  });
  afterAll(() => harness[Symbol.asyncDispose]());

  async function quote(codes: string[], more: { class_id?: string; person_id?: string } = {}) {
    const request = { class_id, person_id: person, promo_codes: codes, visible_to: person, ...more };
    const [reply] = await harness.get(QuoteDiscountedClass).execute([command(request)]);
    return reply!;
  }

  it('has the price, the discount of each code and the amount of the order that follows', async () => {
    harness.promotions.discountOf = (code) => (code === 'TEN' ? 1_000 : 200);
    const reply = await quote(['TEN', 'TWO']);
    expect('unavailable' in reply || answerOf(reply)).toMatchObject({
      class_id,
      price_minor: 1_500,
      discount_minor: 1_200,
      discounts: [
        { code: 'TEN', discount_minor: 1_000, explanation: 'TEN takes off 1000.' },
        { code: 'TWO', discount_minor: 200, explanation: 'TWO takes off 200.' },
      ],
      amount_minor: 300,
      currency: 'EUR',
      explanation: expect.stringMatching(/^It costs 15.00 EUR.* 3.00 EUR remain to be paid\.$/),
      promo_codes: { usable: true, refusal: null },
      quoted_at: '2026-03-02T09:00:00Z',
    });
    expect(harness.promotions.validated.at(-1)).toEqual({
      person_id: person,
      codes: ['TEN', 'TWO'],
      offer_id: class_id,
      amount_minor: 1_500,
      currency: 'EUR',
      visible_to: person,
      for_order: true,
    });
    // Nothing is held or written.
    expect([harness.promotions.held.size, await harness.seatsTaken(class_id)]).toEqual([0, 0]);
    expect(await harness.query('select from order_drafts')).toHaveLength(0);

    const order = { person_id: person, class_id, promo_codes: ['TEN', 'TWO'], amount_minor: 300 };
    await harness.get(ChangeClass).execute([command({ class_id, parameters: { price: 1_600 } })]);
    const dearer = await harness.get(OpenDiscountedOrder).execute([command(order)]);
    expect(dearer).toMatchObject([{ refusal: { code: 'PRICE_CHANGED', details: { amount_minor: 400 } } }]);
    await harness.get(ChangeClass).execute([command({ class_id, parameters: { price: 1_500 } })]);
    const opened = await harness.get(OpenDiscountedOrder).execute([command(order)]);
    expect(opened).toMatchObject([{ answer: { amount_minor: 300 } }]);
  });

  it('has the whole price when a code would be refused, and the reason', async () => {
    harness.promotions.discountOf = () => {
      throw new Refusal('PROMO_CODE_USED_UP', 'All uses of this promo code are taken.', { limit: 1 });
    };
    expect(await quote(['GONE'])).toMatchObject({
      answer: {
        price_minor: 1_500,
        discount_minor: 0,
        discounts: [],
        amount_minor: 1_500,
        promo_codes: { usable: false, benefits: [], refusal: { code: 'PROMO_CODE_USED_UP', details: { limit: 1 } } },
      },
    });
  });

  it('refuses what the order would refuse', async () => {
    const free = await harness.class(await harness.freeRule(), { parameters: {} });
    const priced = await harness.singlePaymentRule();
    const ended = await harness.class(priced, { start_date: '2026-01-01', end_date: '2026-02-01' });
    const replies = await Promise.all([
      quote(['A'], { class_id: newId() }),
      quote(['A'], { class_id: ended.class_id }),
      quote(['A'], { class_id: free.class_id }),
      quote(['A'], { person_id: newId() }),
    ]);
    expect(replies.map((reply) => 'refusal' in reply && refusalOf(reply))).toEqual([
      'CLASS_NOT_FOUND',
      'CLASS_ENDED',
      'NOTHING_TO_DISCOUNT',
      'PERSON_NOT_FOUND',
    ]);
  });

  it('is unavailable while promotions is away, and the others of its batch are not', async () => {
    harness.promotions.discountOf = () => {
      throw new ServiceUnavailable('promotions', 'no answer in time');
    };
    expect(await quote(['A'])).toEqual({ unavailable: expect.stringContaining('promotions') });
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { validateCodes } from '#contracts/promotions/promo-redemptions.js';
import { getOrder } from '#contracts/subscriptions/orders.js';
import { newId } from '#kernel/ids.js';
import { GatewayEnvironment } from '../../../../test/support/services/gateway-environment.js';
import { examples } from '../documents/examples.js';

const personId = newId();
const orderId = newId();
const offer = { offer_id: 'shop-7', amount_minor: 4_900, currency: 'EUR' };

let environment: GatewayEnvironment;
let url: string;
/** What the services were asked. */
let asked: Record<string, unknown>[];

beforeAll(async () => {
  environment = await GatewayEnvironment.create();
  url = await environment.gateway();
});
beforeEach(async () => {
  await environment.reset();
  asked = [];
  environment.on(validateCodes, (request) => {
    asked.push(request);
    return examples.PromoCodesVerdict as never;
  });
  environment.on(getOrder, (request) => {
    asked.push(request);
    return { ...examples.Order, order_id: orderId, price_minor: 5_000, amount_minor: 4_500, currency: 'EUR' } as never;
  });
});
afterAll(() => environment.close());

async function validate(role: string, body: Record<string, unknown>, sub = personId) {
  const client = await environment.client(url, { role, sub });
  return client.post('/promo-codes/validate', { person_id: personId, ...body });
}

describe('validating promo codes', () => {
  it('validates one code or several for an offer, as the caller', async () => {
    const answer = await validate('member', { promo_code: 'spring', ...offer });
    expect(answer).toMatchObject({ status: 200, body: { usable: true } });
    await validate('admin', { promo_codes: ['a', 'b'], ...offer }, 'ravi');
    await validate('publisher', { promo_code: 'a', ...offer, person_id: undefined }, 'pat');
    await validate('admin', { promo_code: 'a', ...offer, person_id: undefined }, 'ravi');
    expect(asked).toEqual([
      { person_id: personId, codes: ['spring'], ...offer, visible_to: personId },
      { person_id: personId, codes: ['a', 'b'], ...offer, visible_to: null },
      { person_id: null, codes: ['a'], ...offer, visible_to: null, publisher_id: 'pat' },
      { person_id: null, codes: ['a'], ...offer, visible_to: null },
    ]);
  });

  it('takes class and price from an order, as it was before discounts', async () => {
    expect((await validate('member', { promo_code: 'spring', order_id: orderId })).status).toBe(200);
    expect(asked).toMatchObject([
      { order_id: orderId, visible_to: personId },
      { offer_id: examples.Order?.class_id, amount_minor: 5_000, currency: 'EUR' },
    ]);
  });

  it('shows nobody an order or a person that are not theirs to see', async () => {
    const order = { promo_code: 'spring', order_id: orderId };
    const publishers = await validate('publisher', { ...order, person_id: undefined }, 'pat');
    expect(publishers).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_FOUND' } });
    expect(await validate('member', order, newId())).toMatchObject({ status: 404, body: { code: 'PERSON_NOT_FOUND' } });
    expect(await validate('ops', order, 'olga')).toMatchObject({ status: 403 });
    expect(asked).toEqual([]);
  });

  it.each([
    ['a publisher to name a person', 'publisher', personId, 'NOT_ALLOWED'],
    ['a member to name nobody', 'member', undefined, 'REQUIRED'],
  ])('does not allow %s', async (_, role, person_id, code) => {
    const answer = await validate(role, { promo_code: 'spring', ...offer, person_id });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: '/person_id', code }] } });
    expect(asked).toEqual([]);
  });

  it.each([
    ['no code', { ...offer }, '/promo_code'],
    ['one code and several', { promo_code: 'a', promo_codes: ['b'], ...offer }, '/promo_code'],
    ['six codes', { promo_codes: ['a', 'b', 'c', 'd', 'e', 'f'], ...offer }, '/promo_codes'],
    ['neither offer nor order', { promo_code: 'a' }, '/offer_id'],
    ['an offer and an order', { promo_code: 'a', ...offer, order_id: orderId }, '/offer_id'],
    ['an amount without a currency', { promo_code: 'a', offer_id: 'x', amount_minor: 1 }, '/currency'],
    [
      'an order with an amount',
      { promo_code: 'a', order_id: orderId, amount_minor: 1, currency: 'EUR' },
      '/amount_minor',
    ],
  ])('refuses %s, and says where', async (_, body, field) => {
    const { status, body: problem } = await validate('member', body);
    expect([status, problem.code, problem.errors.map((error: { field: string }) => error.field)]).toEqual([
      400,
      'INVALID_INPUT',
      expect.arrayContaining([field]),
    ]);
    expect(asked).toEqual([]);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openDiscountedOrder, openOrder } from '#contracts/subscriptions/orders.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { GatewayEnvironment } from '../../../../test/support/services/gateway-environment.js';
import type { ApiClient } from '../../../../test/support/stack/api-client.js';
import { examples } from '../documents/examples.js';

describe('an order', () => {
  let environment: GatewayEnvironment;
  let member: ApiClient;
  const person = newId();
  const orderBody = { person_id: person, class_id: newId() };

  beforeAll(async () => {
    environment = await GatewayEnvironment.create();
    const gateway = await environment.gateway({ CODE_ATTEMPTS_PERSON_MAX: '3' });
    member = await environment.client(gateway, { role: 'member', sub: person });
  });
  beforeEach(async () => {
    await environment.reset();
    environment.on(openOrder, () => examples.Order as never);
    environment.on(openDiscountedOrder, () => examples.Order as never);
  });
  afterAll(() => environment.close());

  const requested = () => environment.done.map(({ type, data }) => ({ type, data }));

  it('without a promo code sends open-order', async () => {
    expect((await member.post('/orders', orderBody)).status).toBe(201);
    expect(requested()).toEqual([{ type: openOrder.type, data: orderBody }]);
  });

  it.each([
    [{ promo_code: 'spring-20' }, ['spring-20']],
    [{ promo_codes: ['SPRING-20', 'FRIEND'] }, ['SPRING-20', 'FRIEND']],
  ])('with %j sends the codes', async (codes, promo_codes) => {
    const answer = await member.post('/orders', { ...orderBody, ...codes });
    expect(answer).toMatchObject({ status: 201, body: { discount_minor: 30_000, amount_minor: 120_000 } });
    expect(requested()).toEqual([{ type: openDiscountedOrder.type, data: { ...orderBody, promo_codes } }]);
  });

  it.each([
    [{ promo_code: 'A', promo_codes: ['B'] }, '/promo_codes'],
    [{ promo_codes: [] }, '/promo_codes'],
    [{ promo_codes: ['A', 'B', 'C', 'D', 'E', 'F'] }, '/promo_codes'],
    [{ promo_code: '' }, '/promo_code'],
    [{ promo_code: 'x'.repeat(65) }, '/promo_code'],
    [{ promo_code: 7 }, '/promo_code'],
  ])('with %j is invalid input', async (codes, field) => {
    const answer = await member.post('/orders', { ...orderBody, ...codes });
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', field } });
    expect(requested()).toEqual([]);
  });

  it('under one key is a repeat only with the same promo codes', async () => {
    const key = { 'idempotency-key': 'one' };
    const order = (body: object) => member.post('/orders', { ...orderBody, ...body }, key);
    const first = await order({ promo_code: 'SPRING' });
    expect(await order({ promo_codes: ['SPRING'] })).toMatchObject({ status: 201, body: first.body });
    for (const other of [{}, { promo_code: 'OTHER' }]) {
      expect(await order(other)).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    }
    expect(requested()).toHaveLength(1);
  });

  it('is refused with the reason why a code gives no discount', async () => {
    environment.on(openDiscountedOrder, () => {
      throw new Refusal('PROMO_CODE_OUTSIDE_HOURS', 'The code works from 06:00 to 09:00.', {
        next_opens_at: '2026-03-03T00:30:00Z',
      });
    });
    expect(await member.post('/orders', { ...orderBody, promo_code: 'EARLY' })).toMatchObject({
      body: { code: 'PROMO_CODE_OUTSIDE_HOURS', details: { next_opens_at: '2026-03-03T00:30:00Z' } },
    });
  });

  it('is refused after too many wrong codes, and accepted without a code', async () => {
    environment.on(openDiscountedOrder, ({ promo_codes: [code] }) => {
      if (code === 'GOOD') return examples.Order as never;
      throw new Refusal('PROMO_CODE_NOT_USABLE', 'This promo code cannot be used.');
    });
    const order = (promo_code: string) => member.post('/orders', { ...orderBody, promo_code });
    for (const guess of ['A', 'B', 'GOOD', 'GOOD', 'GOOD', 'C']) {
      expect((await order(guess)).status).toBe(guess === 'GOOD' ? 201 : 422);
    }
    expect(await order('GOOD')).toMatchObject({ status: 429, body: { code: 'TOO_MANY_CODE_ATTEMPTS' } });
    expect((await member.post('/orders', orderBody)).status).toBe(201);
  });
});

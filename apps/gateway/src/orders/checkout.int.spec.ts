import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { beginCheckout } from '#contracts/payments/checkout.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { GatewayEnvironment } from '../../../../test/support/services/gateway-environment.js';
import type { ApiClient } from '../../../../test/support/stack/api-client.js';
import { examples } from '../documents/examples.js';

describe('the payment page of an order', () => {
  let environment: GatewayEnvironment;
  let gateway: string;
  let member: ApiClient;
  const [person, order] = [newId(), newId()];
  const path = `/orders/${order}/checkout`;

  beforeAll(async () => {
    environment = await GatewayEnvironment.create();
    gateway = await environment.gateway();
    member = await environment.client(gateway, { role: 'member', sub: person });
  });
  beforeEach(async () => {
    await environment.reset();
    environment.on(beginCheckout, () => examples.Checkout as never);
  });
  afterAll(() => environment.close());

  const requested = () => environment.done.map(({ type, data }) => ({ type, data }));

  it('is requested for the member’s own order, and by an admin for any', async () => {
    const admin = await environment.client(gateway, { role: 'admin' });
    for (const [api, visible_to] of [
      [member, person],
      [admin, null],
    ] as const) {
      expect(await api.post(path)).toMatchObject({ status: 200, body: examples.Checkout });
      expect(requested().at(-1)).toEqual({ type: beginCheckout.type, data: { order_id: order, visible_to } });
    }
  });

  it.each(['publisher', 'ops'])('is not requested by the role %s', async (role) => {
    const other = await environment.client(gateway, { role });
    expect(await other.post(path)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(requested()).toEqual([]);
  });

  it('is requested once under one key', async () => {
    const key = { 'idempotency-key': 'pay' };
    const first = await member.post(path, undefined, key);
    const again = await member.post(path, undefined, key);
    expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([first.body, 'true']);
    expect(await member.post(`/orders/${newId()}/checkout`, undefined, key)).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
    expect(requested()).toHaveLength(1);
  });

  it.each([
    ['ORDER_NOT_FOUND', 404],
    ['ORDER_NOT_PAYABLE', 409],
    ['CHECKOUT_REFUSED', 422],
    ['CHECKOUT_UNAVAILABLE', 503],
  ])('that is refused with %s is a problem with the status %d and its details', async (code, status) => {
    const details = { status: 'confirmed', waits_for: 'approval', lacks_minor: 0 };
    environment.on(beginCheckout, () => {
      throw new Refusal(code, 'No page is opened.', details);
    });
    const answer = await member.post(path);
    expect(answer).toMatchObject({ status, body: { code, detail: 'No page is opened.', details } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('takes no body', async () => {
    expect(await member.post(path, { amount_minor: 1 })).toMatchObject({ status: 400 });
    expect(requested()).toEqual([]);
  });
});

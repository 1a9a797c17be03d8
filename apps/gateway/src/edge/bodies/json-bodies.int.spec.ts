import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { deleteOffer } from '#contracts/promotions/offers.js';
import { changeCodeStatus } from '#contracts/promotions/promo-codes.js';
import { quoteClass } from '#contracts/subscriptions/classes.js';
import { approveOrder, cancelOrder } from '#contracts/subscriptions/orders.js';
import { newId } from '#kernel/ids.js';
import { GatewayEnvironment } from '../../../../../test/support/services/gateway-environment.js';
import { examples } from '../../documents/examples.js';

/** The endpoints that need no body; bad-input.int.spec.ts finds those that take none in the API document. */
const withoutBody = [
  ['POST', `/orders/${newId()}/cancel`],
  ['POST', `/admin/orders/${newId()}/approve`],
  ['POST', `/admin/promo-codes/${newId()}/activate`],
  ['POST', `/admin/promo-codes/${newId()}/pause`],
  ['POST', `/admin/promo-codes/${newId()}/archive`],
  ['POST', `/classes/${newId()}/quote`],
  ['DELETE', `/admin/offers/${newId()}`],
] as const;
const types = ['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'application/octet-stream'];

describe('zero bytes', () => {
  let environment: GatewayEnvironment;
  let url: string;
  let authorization: string;

  beforeAll(async () => {
    environment = await GatewayEnvironment.create();
    url = await environment.gateway();
    authorization = `Bearer ${await environment.token({ role: 'admin' })}`;
  });
  beforeEach(async () => {
    await environment.reset();
    environment.on(approveOrder, () => examples.Order as never);
    environment.on(cancelOrder, () => examples.Order as never);
    environment.on(changeCodeStatus, () => examples.PromoCode as never);
    environment.on(quoteClass, () => examples.Quote as never);
    environment.on(deleteOffer, () => examples.Offer as never);
  });
  afterAll(() => environment.close());

  const chunked = () => new ReadableStream({ start: (controller) => controller.close() });
  const send = (method: string, path: string, type: string, body: string | ReadableStream | null) =>
    fetch(`${url}/api${path}`, {
      method,
      headers: { authorization, 'content-type': type },
      body,
      duplex: 'half',
    } as RequestInit);

  describe.each(withoutBody)('sent to %s %s', (method, path) => {
    it.each(types)('are no body, though they call themselves %s', async (type) => {
      for (const body of [null, '', chunked()]) expect((await send(method, path, type, body)).status).toBe(200);
    });
  });

  it('are no body where one is needed', async () => {
    for (const body of [null, '', chunked()]) {
      const answer = await send('POST', '/orders', 'application/json', body);
      expect(await answer.json()).toMatchObject({ status: 400, code: 'INVALID_INPUT', errors: [{ code: 'REQUIRED' }] });
    }
    expect(environment.done).toEqual([]);
  });
});

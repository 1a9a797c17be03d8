import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { newId } from '#kernel/ids.js';
import { ServiceUnavailable } from '#messaging/faults.js';
import { EmulatedProvider, emulatedKey } from '../../../../test/support/services/emulated-provider.js';
import type { PaymentsSettings } from '../payments.config.js';
import type { Checkout } from './domain/checkout.js';
import { StripeCheckout } from './stripe-checkout.js';

let provider: EmulatedProvider;
beforeAll(async () => {
  // It says what is wrong with the key.
  Logger.overrideLogger(false);
  provider = await EmulatedProvider.start('whsec_a_stripe_secret_of_tests', () => 'http://127.0.0.1:1');
});
afterAll(() => provider.close());

const checkoutBy = (apiKey: string, apiUrl = provider.url) =>
  new StripeCheckout({ checkout: { apiKey, apiUrl, consoleUrl: 'https://console.school.test' } } as PaymentsSettings);

function wanted(more: Partial<Checkout> = {}): Checkout {
  const now = Temporal.Now.instant().round('second');
  return {
    checkoutId: newId(),
    orderId: newId(),
    personId: newId(),
    title: 'Pottery for beginners',
    amountMinor: 4_900,
    currency: 'EUR',
    begunAt: now,
    expiresAt: now.add({ hours: 2 }),
    sessionId: null,
    url: null,
    ...more,
  };
}

/** A server that answers every request so. */
async function answering(status: number, body: unknown): Promise<{ url: string; server: Server }> {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('a Checkout Session', () => {
  it('is made over the wire by the SDK of Stripe, found and closed', async () => {
    const stripe = checkoutBy(emulatedKey);
    const checkout = wanted();
    const { sessionId, url } = await stripe.open(checkout);
    expect(url).toBe(`${provider.url}/checkout/${sessionId}`);
    const { session } = await provider.page(url);
    expect(session).toMatchObject({ title: 'Pottery for beginners', amount: 4_900, currency: 'eur' });
    expect(session.expiresAt).toBe(checkout.expiresAt.epochMilliseconds / 1_000);
    expect(await stripe.find(sessionId)).toEqual({ state: 'open' });
    expect(await stripe.close(sessionId)).toBe(true);
    expect([await stripe.close(sessionId), await stripe.find(sessionId)]).toEqual([false, { state: 'over' }]);
  });

  it('is one for a repeat of the request', async () => {
    const stripe = checkoutBy(emulatedKey);
    const checkout = wanted();
    expect(await stripe.open(checkout)).toEqual(await stripe.open(checkout));
  });

  it('that was paid names its payment, and cannot be closed', async () => {
    const stripe = checkoutBy(emulatedKey);
    const { sessionId, url } = await stripe.open(wanted());
    const [payment] = await provider.act(url, 'pay-late');
    expect(await stripe.close(sessionId)).toBe(false);
    expect(await stripe.find(sessionId)).toEqual({ state: 'paying', paymentReference: payment?.id });
  });

  it('that Stripe does not have is over', async () => {
    expect(await checkoutBy(emulatedKey).find('cs_test_of_another_key')).toEqual({ state: 'over' });
  });
});

describe('what goes wrong at Stripe', () => {
  it('with another key is CHECKOUT_UNAVAILABLE, and the key is not said', async () => {
    const key = 'sk_test_of_somebody_else';
    const error = await checkoutBy(key)
      .open(wanted())
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'CHECKOUT_UNAVAILABLE', message: 'The payment provider refuses our key.' });
    expect(JSON.stringify([error, String(error)])).not.toContain('somebody');
  });

  it('without a key is CHECKOUT_UNAVAILABLE', async () => {
    const stripe = new StripeCheckout({ checkout: undefined } as PaymentsSettings);
    await expect(stripe.open(wanted())).rejects.toMatchObject({ code: 'CHECKOUT_UNAVAILABLE' });
  });

  it.each([
    [wanted({ amountMinor: 49 }), 'amount_too_small'],
    [wanted({ amountMinor: 100_000_000 }), 'amount_too_large'],
  ])('with an amount that Stripe does not take is CHECKOUT_REFUSED', async (checkout, reason) => {
    await expect(checkoutBy(emulatedKey).open(checkout)).rejects.toMatchObject({
      code: 'CHECKOUT_REFUSED',
      details: { reason },
    });
  });

  it.each([
    [500, { error: { type: 'api_error', message: 'sk_test_of_the_emulator' } }],
    [429, { error: { type: 'invalid_request_error', code: 'rate_limit' } }],
    [409, { error: { type: 'idempotency_error', code: 'idempotency_key_in_use' } }],
  ])('with the status %d may succeed later', async (status, body) => {
    const { url, server } = await answering(status, body);
    const error = await checkoutBy(emulatedKey, url)
      .open(wanted())
      .catch((reason: unknown) => reason);
    server.close();
    expect(error).toBeInstanceOf(ServiceUnavailable);
    expect(String(error)).not.toContain(emulatedKey);
  });

  it('without an answer may succeed later', async () => {
    await expect(checkoutBy(emulatedKey, 'http://127.0.0.1:1').open(wanted())).rejects.toBeInstanceOf(
      ServiceUnavailable,
    );
  });
});

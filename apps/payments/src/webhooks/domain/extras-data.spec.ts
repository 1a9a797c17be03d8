import { describe, expect, it } from '@jest/globals';
import { classify } from './notification.js';
import { standard } from './standard.js';
import { stripe } from './stripe.js';

const fromStripe = (type: string, object: object) =>
  classify(stripe, { headers: {}, body: Buffer.from(JSON.stringify({ id: 'evt_1', type, data: { object } })) });
const fromStandard = (data: object) =>
  classify(standard, {
    headers: { 'webhook-id': 'evt_1' },
    body: Buffer.from(JSON.stringify({ type: 'payment.succeeded', data })),
  });

const session = {
  id: 'cs_1',
  payment_intent: 'pi_1',
  amount_subtotal: 1_000,
  amount_total: 1_250,
  total_details: { amount_discount: 0, amount_shipping: 50, amount_tax: 200 },
  currency: 'eur',
  payment_status: 'paid',
  metadata: {},
};

describe('the extras of a checkout session', () => {
  const payment = (details: object) => fromStripe('checkout.session.completed', { ...session, ...details }).payment;

  it('are the tax and the shipping that come on top of the items', () => {
    expect(payment({})).toMatchObject({ amountMinor: 1_250, taxMinor: 200, shippingMinor: 50 });
    const discounted = { amount_total: 1_150, total_details: { ...session.total_details, amount_discount: 100 } };
    expect(payment(discounted)).toMatchObject({ amountMinor: 1_150, taxMinor: 200, shippingMinor: 50 });
  });

  it('are not the tax that the prices include', () => {
    const included = payment({ amount_total: 1_050 });
    expect(included).toMatchObject({ amountMinor: 1_050, shippingMinor: 50 });
    expect(included).not.toHaveProperty('taxMinor');
  });

  it('are none where the session has none, or adds nothing', () => {
    for (const total_details of [undefined, null, { amount_discount: 0, amount_shipping: null, amount_tax: 0 }]) {
      expect(Object.keys(payment({ total_details, amount_total: 1_000 }) ?? {}).sort()).toEqual(
        ['amountMinor', 'currency', 'orderNamed', 'personNamed', 'provider', 'reference'].sort(),
      );
    }
  });

  it('that cannot be computed are quarantined', () => {
    expect(fromStripe('checkout.session.completed', { ...session, amount_subtotal: 'x' })).toMatchObject({
      verdict: 'quarantined',
      reason: 'EXTRAS_INVALID',
    });
  });

  it('are counted in the minor units of ISO 4217', () => {
    const krónur = { currency: 'isk', amount_total: 125_000, amount_subtotal: 100_000 };
    const total_details = { amount_discount: 0, amount_shipping: 5_000, amount_tax: 19_950 };
    expect(payment({ ...krónur, total_details })).toMatchObject({
      amountMinor: 1_250,
      taxMinor: 199,
      shippingMinor: 50,
    });
  });
});

describe('the extras of a payment intent', () => {
  const intent = { id: 'pi_1', amount: 1_260, amount_received: 1_260, currency: 'eur', metadata: {} };
  const details = {
    tip: { amount: 10 },
    tax: { total_tax_amount: 200 },
    shipping: { amount: 50, to_postal_code: '1' },
  };

  it('are its tip, tax and shipping', () => {
    expect(fromStripe('payment_intent.succeeded', { ...intent, amount_details: details }).payment).toMatchObject({
      amountMinor: 1_260,
      taxMinor: 200,
      shippingMinor: 50,
      tipMinor: 10,
    });
  });

  it('change what the event says, and only where there are any', () => {
    const hashOf = (amount_details: unknown) =>
      fromStripe('payment_intent.succeeded', { ...intent, amount_details }).contentHash;
    expect(hashOf({ tip: {} })).toEqual(hashOf(undefined));
    expect(hashOf(details)).not.toEqual(hashOf(undefined));
  });

  it.each([-1, 0.5, '10', 2_000])('of %p are quarantined', (amount) => {
    expect(fromStripe('payment_intent.succeeded', { ...intent, amount_details: { tip: { amount } } })).toMatchObject({
      verdict: 'quarantined',
      reason: 'EXTRAS_INVALID',
      payment: null,
    });
  });
});

it('a standard notification may name tax, shipping and tip', () => {
  const paid = { payment_id: 'pay_1', amount_minor: 1_260, currency: 'EUR' };
  const extras = { tax_minor: 200, shipping_minor: 50, tip_minor: 10 };
  expect(fromStandard({ ...paid, ...extras }).payment).toMatchObject({
    taxMinor: 200,
    shippingMinor: 50,
    tipMinor: 10,
  });
  expect(fromStandard({ ...paid, tax_minor: 1_261 })).toMatchObject({ reason: 'EXTRAS_INVALID' });
});

import { describe, expect, it } from '@jest/globals';
import { contentHash } from '#kernel/ids.js';
import { judge } from './notification.js';
import { standard } from './providers/standard.js';
import { stripe } from './providers/stripe.js';

const orderId = '0193c5a0-0000-7000-8000-000000000001';
const personId = '0193c5a0-0000-7000-8000-000000000002';

function fromStandard(data: unknown, type = 'payment.succeeded') {
  const body = typeof data === 'string' ? data : JSON.stringify({ type, timestamp: '2026-03-02T09:00:00Z', data });
  return judge(standard, { headers: { 'webhook-id': 'evt_1' }, body: Buffer.from(body) });
}

function fromStripe(type: string, object: unknown) {
  return judge(stripe, { headers: {}, body: Buffer.from(JSON.stringify({ id: 'evt_1', type, data: { object } })) });
}

const paid = { payment_id: 'pay_1', amount_minor: 1_000, currency: 'EUR', metadata: { order_id: orderId } };

describe('a standard notification', () => {
  it('of a payment says who paid how much for what', () => {
    expect(fromStandard({ ...paid, metadata: { order_id: orderId.toUpperCase(), person_id: personId } })).toEqual({
      eventId: 'evt_1',
      contentHash: expect.any(Buffer),
      verdict: 'payment',
      reason: null,
      payment: {
        provider: 'standard',
        reference: 'pay_1',
        amountMinor: 1_000,
        currency: 'EUR',
        orderNamed: orderId,
        personNamed: personId,
      },
    });
  });

  it.each([
    ['amount zero', { amount_minor: 0 }, 'AMOUNT_INVALID'],
    ['a negative amount', { amount_minor: -5 }, 'AMOUNT_INVALID'],
    ['a fraction', { amount_minor: 10.5 }, 'AMOUNT_INVALID'],
    ['a huge amount', { amount_minor: 1_000_000_000_001 }, 'AMOUNT_INVALID'],
    ['an amount beyond exact numbers', { amount_minor: 2 ** 60 }, 'AMOUNT_INVALID'],
    ['an amount in words', { amount_minor: '1000' }, 'AMOUNT_INVALID'],
    ['no amount', { amount_minor: undefined }, 'AMOUNT_INVALID'],
    ['an unknown currency', { currency: 'EUX' }, 'CURRENCY_UNKNOWN'],
    ['a currency in lower case', { currency: 'eur' }, 'CURRENCY_UNKNOWN'],
    ['no currency', { currency: undefined }, 'CURRENCY_UNKNOWN'],
    ['no payment id', { payment_id: undefined }, 'PAYMENT_ID_INVALID'],
    ['a payment id with a NUL', { payment_id: 'pay\u0000' }, 'PAYMENT_ID_INVALID'],
    ['a payment id that is a number', { payment_id: 7 }, 'PAYMENT_ID_INVALID'],
  ])('with %s is kept aside', (_, facts, reason) => {
    expect(fromStandard({ ...paid, ...facts })).toMatchObject({ verdict: 'kept_aside', reason, payment: null });
  });

  it.each([
    ['broken JSON', '{"type":'],
    ['no JSON at all', 'hello'],
    ['a list', '[]'],
    ['null', 'null'],
    ['no type', '{"data":{}}'],
    ['no data', '{"type":"payment.succeeded"}'],
    ['nothing', ''],
    ['thousands of levels', `{"type":"weather.changed","data":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
  ])('of %s is kept aside unread', (_, body) => {
    expect(fromStandard(body)).toMatchObject({ verdict: 'kept_aside', reason: 'BODY_UNREADABLE', eventId: null });
  });

  it.each([
    ['payment.refunded', 'kept_aside', 'REFUNDS_NOT_SUPPORTED_YET'],
    ['payment.disputed', 'kept_aside', 'DISPUTES_NOT_SUPPORTED_YET'],
    ['customer.created', 'stored', null],
  ])('of type %s is %s', (type, verdict, reason) => {
    expect(fromStandard({ anything: 1 }, type)).toMatchObject({ verdict, reason, payment: null });
  });

  it.each([
    ['nobody', undefined, null],
    ['nobody, in words', '', null],
    ['a number', 42, '42'],
    ['something with a NUL', 'a\u0000b', '"a\\u0000b"'],
    ['a novel', 'x'.repeat(5_000), 'x'.repeat(200)],
    ['an object', { id: 1 }, '{"id":1}'],
  ])('that names %s is a payment all the same', (_, name, named) => {
    expect(fromStandard({ ...paid, metadata: { person_id: name } }).payment?.personNamed).toBe(named);
  });

  it.each([[null], ['text'], [7], [[]]])('whose metadata is %j names nobody', (metadata) => {
    expect(fromStandard({ ...paid, metadata }).payment).toMatchObject({ orderNamed: null, personNamed: null });
  });

  it('says the same whatever its envelope and the order of its members', () => {
    const again = `{"timestamp":"2027-01-01T00:00:00Z","data":{"metadata":{"order_id":"${orderId}"},"currency":"EUR","amount_minor":1000,"payment_id":"pay_1"},"type":"payment.succeeded"}`;
    expect(fromStandard(again).contentHash).toEqual(fromStandard(paid).contentHash);
    expect(fromStandard({ ...paid, amount_minor: 1_001 }).contentHash).not.toEqual(fromStandard(paid).contentHash);
  });
});

describe('events of Stripe', () => {
  const metadata = { order_id: orderId };
  const intent = { id: 'pi_1', amount: 1_500, amount_received: 1_000, currency: 'eur', metadata };
  const charge = { id: 'ch_1', payment_intent: 'pi_1', amount: 1_000, captured: true, currency: 'eur', metadata };
  const session = {
    id: 'cs_1',
    payment_intent: 'pi_1',
    amount_total: 1_000,
    currency: 'eur',
    payment_status: 'paid',
    metadata,
  };

  it.each([
    ['payment_intent.succeeded', intent],
    ['charge.succeeded', charge],
    ['charge.succeeded', { ...charge, payment_intent: { id: 'pi_1' } }],
    ['charge.captured', { ...charge, amount: 1_500, amount_captured: 1_000 }],
    ['checkout.session.completed', session],
    ['checkout.session.async_payment_succeeded', session],
  ])('of type %s tell of the payment of their intent', (type, object) => {
    expect(fromStripe(type, object).payment).toEqual({
      provider: 'stripe',
      reference: 'pi_1',
      amountMinor: 1_000,
      currency: 'EUR',
      orderNamed: orderId,
      personNamed: null,
    });
  });

  it.each([
    ['charge.succeeded', {}],
    ['charge.captured', { amount: 1_500, amount_captured: 1_000 }],
  ])('of type %s without intent tell of the charge, and of what was captured', (type, facts) => {
    expect(fromStripe(type, { ...charge, payment_intent: null, ...facts }).payment).toMatchObject({
      reference: 'ch_1',
      amountMinor: 1_000,
    });
  });

  it('of a captured charge say what they said while they were stored', () => {
    expect(fromStripe('charge.captured', charge).contentHash).toEqual(contentHash(['charge.captured', charge]));
  });

  it.each([
    ['checkout.session.completed', { ...session, payment_status: 'unpaid' }],
    ['charge.succeeded', { ...charge, captured: false }],
    ['charge.captured', { ...charge, captured: false, amount_captured: 400 }],
    ['customer.created', { id: 'cus_1' }],
  ])('of type %s without money are stored', (type, object) => {
    expect(fromStripe(type, object)).toMatchObject({ verdict: 'stored', payment: null });
  });

  it.each([
    ['charge.refunded', 'REFUNDS_NOT_SUPPORTED_YET'],
    ['refund.created', 'REFUNDS_NOT_SUPPORTED_YET'],
    ['charge.dispute.created', 'DISPUTES_NOT_SUPPORTED_YET'],
  ])('of type %s are kept aside for operators', (type, reason) => {
    expect(fromStripe(type, { id: 'x' })).toMatchObject({ verdict: 'kept_aside', reason });
  });

  it('of a subscription’s checkout are kept aside: other events tell of its money', () => {
    const subscribed = { ...session, mode: 'subscription', payment_intent: null, subscription: 'sub_1' };
    expect(fromStripe('checkout.session.completed', subscribed)).toMatchObject({
      verdict: 'kept_aside',
      reason: 'STRIPE_SUBSCRIPTIONS_NOT_SUPPORTED_YET',
    });
  });

  it.each([
    ['jpy', 500, 500],
    ['kwd', 5_120, 5_120],
    ['isk', 490_000, 4_900],
    ['ugx', 490_000, 4_900],
    ['mga', 4_900, 490_000],
  ])('in %s of %d units of Stripe’s are of %d minor units', (currency, amount, amountMinor) => {
    expect(fromStripe('charge.succeeded', { ...charge, currency, amount })).toMatchObject({
      verdict: 'payment',
      payment: { currency: currency.toUpperCase(), amountMinor },
    });
  });

  it.each(['isk', 'ugx'])('in %s of a part of the smallest unit are kept aside', (currency) => {
    expect(fromStripe('charge.succeeded', { ...charge, currency, amount: 490_050 })).toMatchObject({
      verdict: 'kept_aside',
      reason: 'AMOUNT_INVALID',
    });
  });

  it('without an id are kept aside', () => {
    const body = Buffer.from(JSON.stringify({ type: 'charge.succeeded', data: { object: charge } }));
    expect(judge(stripe, { headers: {}, body })).toMatchObject({ verdict: 'kept_aside', reason: 'EVENT_ID_MISSING' });
  });
});

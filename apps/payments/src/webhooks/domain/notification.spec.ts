import { describe, expect, it } from '@jest/globals';
import { contentHash } from '#kernel/ids.js';
import { classify } from './notification.js';
import { standard } from './standard.js';
import { stripe } from './stripe.js';

const orderId = '0193c5a0-0000-7000-8000-000000000001';
const personId = '0193c5a0-0000-7000-8000-000000000002';

function fromStandard(data: unknown, type = 'payment.succeeded') {
  const body = typeof data === 'string' ? data : JSON.stringify({ type, timestamp: '2026-03-02T09:00:00Z', data });
  return classify(standard, { headers: { 'webhook-id': 'evt_1' }, body: Buffer.from(body) });
}

function fromStripe(type: string, object: unknown) {
  return classify(stripe, { headers: {}, body: Buffer.from(JSON.stringify({ id: 'evt_1', type, data: { object } })) });
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
      refund: null,
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
  ])('with %s is quarantined', (_, events, reason) => {
    expect(fromStandard({ ...paid, ...events })).toMatchObject({ verdict: 'quarantined', reason, payment: null });
  });

  it.each([
    ['broken JSON', '{"type":'],
    ['no JSON at all', 'hello'],
    ['thousands of levels', `{"type":"weather.changed","data":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
  ])('of %s is quarantined unread', (_, body) => {
    expect(fromStandard(body)).toMatchObject({ verdict: 'quarantined', reason: 'BODY_UNREADABLE', eventId: null });
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"ping"'],
    ['no type', '{"data":{}}'],
    ['a ping', '{"type":"ping"}'],
    ['a ping without a type', '{"event":"ping","sent_at":"2026-03-02T09:00:00Z"}'],
  ])('of %s is stored', (_, body) => {
    expect(fromStandard(body)).toMatchObject({ verdict: 'stored', reason: null, payment: null, refund: null });
  });

  it.each([
    ['a payment without data', '{"type":"payment.succeeded"}'],
    ['a payment whose data is a list', '{"type":"payment.succeeded","data":[]}'],
    ['a refund whose data is a text', '{"type":"payment.refunded","data":"re_1"}'],
    ['a batch of payments', JSON.stringify([{ type: 'payment.succeeded', data: paid }])],
    ['a payment without a type', JSON.stringify({ event: 'paid', data: { amount: 5, currency: 'EUR' } })],
  ])('of %s is money that is not understood', (_, body) => {
    expect(fromStandard(body)).toMatchObject({
      verdict: 'quarantined',
      reason: 'MONEY_NOT_UNDERSTOOD',
      eventId: 'evt_1',
    });
  });

  it.each(['customer.created', 'payment.refund', 'constructor'])('of type %s is stored', (type) => {
    expect(fromStandard({ anything: 1 }, type)).toMatchObject({ verdict: 'stored', payment: null, refund: null });
  });

  const refunded = { refund_id: 're_1', payment_id: 'pay_1', amount_minor: 400, currency: 'EUR' };
  const { refund_id: _, ...aboutPayment } = refunded;
  const disputed = { dispute_id: 'dp_1', ...aboutPayment };

  it.each([
    ['payment.refunded', refunded, { kind: 'refund', reference: 're_1', reinstated: false }],
    ['payment.refund_failed', refunded, { kind: 'refund', reference: 're_1', reinstated: true }],
    ['payment.disputed', disputed, { kind: 'dispute', reference: 'dp_1', reinstated: false }],
    ['payment.dispute_won', disputed, { kind: 'dispute', reference: 'dp_1', reinstated: true }],
  ])('of type %s says what goes where', (type, data, expected) => {
    expect(fromStandard(data, type)).toEqual({
      eventId: 'evt_1',
      contentHash: expect.any(Buffer),
      verdict: 'refund',
      reason: null,
      payment: null,
      refund: { provider: 'standard', paymentReference: 'pay_1', amountMinor: 400, currency: 'EUR', ...expected },
    });
  });

  it.each([
    ['no id', { refund_id: undefined }, 'REFUND_ID_INVALID'],
    ['an id with a blank', { refund_id: 're 1' }, 'REFUND_ID_INVALID'],
    ['a dispute’s id in place of its own', { refund_id: undefined, dispute_id: 'dp_1' }, 'REFUND_ID_INVALID'],
    ['no payment', { payment_id: null }, 'PAYMENT_ID_INVALID'],
    ['amount zero', { amount_minor: 0 }, 'AMOUNT_INVALID'],
    ['a fraction', { amount_minor: 0.5 }, 'AMOUNT_INVALID'],
    ['an unknown currency', { currency: 'XYZ' }, 'CURRENCY_UNKNOWN'],
  ])('of a refund with %s is quarantined', (_name, events, reason) => {
    expect(fromStandard({ ...refunded, ...events }, 'payment.refunded')).toMatchObject({
      verdict: 'quarantined',
      reason,
      refund: null,
    });
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

  it('says the same in any envelope and any order of its members', () => {
    const again = `{"timestamp":"2027-01-01T00:00:00Z","data":{"metadata":{"order_id":"${orderId}"},"currency":"EUR","amount_minor":1000,"payment_id":"pay_1"},"type":"payment.succeeded"}`;
    expect(fromStandard(again).contentHash).toEqual(fromStandard(paid).contentHash);
    expect(fromStandard({ ...paid, amount_minor: 1_001 }).contentHash).not.toEqual(fromStandard(paid).contentHash);
  });
});

describe('a thin event of Stripe', () => {
  const thin = (type: string, more: object = {}) => {
    const event = {
      id: 'evt_1',
      object: 'v2.core.event',
      type,
      livemode: true,
      created: '2026-03-02T09:00:00Z',
      ...more,
    };
    return classify(stripe, { headers: {}, body: Buffer.from(JSON.stringify(event)) });
  };

  it.each(['v2.core.event_destination.ping', 'v1.billing.meter.no_meter_found', 'ping'])(
    'of type %s is stored',
    (type) => {
      expect(thin(type)).toMatchObject({ eventId: 'evt_1', verdict: 'stored', reason: null });
      expect(thin(type, { data: {}, related_object: { id: 'x' } })).toMatchObject({ verdict: 'stored' });
    },
  );

  it.each(['v1.payment_intent.succeeded', 'v1.charge.dispute.funds_withdrawn', 'refund.created'])(
    'of type %s is money that is not understood',
    (type) => {
      expect(thin(type, { related_object: { id: 'pi_1', type: 'payment_intent' } })).toMatchObject({
        eventId: 'evt_1',
        verdict: 'quarantined',
        reason: 'MONEY_NOT_UNDERSTOOD',
      });
    },
  );

  it.each([
    ['nothing', ''],
    ['an empty object', '{}'],
    ['a ping', '{"ping":true}'],
  ])('of %s is stored', (_, body) => {
    expect(classify(stripe, { headers: {}, body: Buffer.from(body) })).toMatchObject({ verdict: 'stored' });
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
  ])('of type %s carry the payment of their intent', (type, object) => {
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
  ])('of type %s without intent carry the charge, and what was captured', (type, events) => {
    expect(fromStripe(type, { ...charge, payment_intent: null, ...events }).payment).toMatchObject({
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

  const refund = { id: 're_1', object: 'refund', amount: 400, currency: 'eur', charge: 'ch_1', payment_intent: 'pi_1' };
  const dispute = { ...refund, id: 'dp_1', object: 'dispute' };

  it.each([
    ['refund.created', 'pending', false],
    ['refund.created', 'requires_action', false],
    ['refund.updated', 'succeeded', false],
    ['refund.updated', 'canceled', true],
    ['refund.failed', 'failed', true],
    ['charge.refund.updated', 'succeeded', false],
    ['charge.refund.updated', 'failed', true],
  ])('of type %s carry a refund that is %s', (type, status, reinstated) => {
    expect(fromStripe(type, { ...refund, status })).toMatchObject({
      verdict: 'refund',
      payment: null,
      refund: {
        provider: 'stripe',
        kind: 'refund',
        reference: 're_1',
        paymentReference: 'pi_1',
        amountMinor: 400,
        currency: 'EUR',
        reinstated,
      },
    });
  });

  it.each([
    ['charge.dispute.funds_withdrawn', 'needs_response', false],
    ['charge.dispute.funds_reinstated', 'won', true],
  ])('of type %s carry a dispute’s money', (type, status, reinstated) => {
    expect(fromStripe(type, { ...dispute, status }).refund).toEqual({
      provider: 'stripe',
      kind: 'dispute',
      reference: 'dp_1',
      paymentReference: 'pi_1',
      amountMinor: 400,
      currency: 'EUR',
      reinstated,
    });
  });

  it.each([
    ['intent that was expanded', { payment_intent: { id: 'pi_2' } }, 'pi_2'],
    ['charge when there is no intent', { payment_intent: null }, 'ch_1'],
    ['charge that was expanded', { payment_intent: null, charge: { id: 'ch_2' } }, 'ch_2'],
  ])('of a refund name its payment by the %s', (_, events, reference) => {
    const refunded = fromStripe('refund.created', { ...refund, status: 'pending', ...events });
    expect(refunded.refund?.paymentReference).toBe(reference);
  });

  it.each([
    ['refund.updated', { ...refund, status: 'lost_in_space' }, 'REFUND_STATUS_UNKNOWN'],
    ['refund.created', { ...refund, status: null }, 'REFUND_STATUS_UNKNOWN'],
    ['refund.created', { ...refund, status: 'pending', payment_intent: null, charge: null }, 'PAYMENT_ID_INVALID'],
    ['charge.dispute.funds_reinstated', { ...dispute, status: 'lost' }, 'DISPUTE_REINSTATED_IN_PART'],
  ])('of type %s that cannot be followed are quarantined', (type, object, reason) => {
    expect(fromStripe(type, object)).toMatchObject({ verdict: 'quarantined', reason, refund: null });
  });

  it.each(['charge.refunded', 'charge.dispute.created', 'charge.dispute.updated', 'charge.dispute.closed'])(
    'of type %s say nothing that others do not, and are stored',
    (type) => {
      expect(fromStripe(type, dispute)).toMatchObject({ verdict: 'stored', payment: null, refund: null });
    },
  );

  it.each([
    ['once', {}],
    ['for a subscription', { mode: 'subscription', payment_intent: null }],
  ])('of a paid checkout of nothing %s are stored', (_, details) => {
    const free = { ...session, amount_total: 0, ...details };
    for (const status of ['paid', 'no_payment_required']) {
      expect(fromStripe('checkout.session.completed', { ...free, payment_status: status })).toMatchObject({
        verdict: 'stored',
        payment: null,
      });
    }
  });

  it.each([
    ['nobody is named', {}, { orderNamed: orderId, personNamed: null, orderStandsIn: true }],
    ['the metadata names an order', { metadata: { order_id: personId } }, { orderNamed: personId, personNamed: null }],
    ['the metadata names a person', { metadata: { person_id: personId } }, { orderNamed: null, personNamed: personId }],
    ['the metadata is about other things', { metadata: { cart: 'c' } }, { orderNamed: orderId, orderStandsIn: true }],
  ])('take the client’s reference for the order where %s', (_, names, expected) => {
    const linked = { ...session, metadata: {}, client_reference_id: orderId.toUpperCase(), ...names };
    const { payment } = fromStripe('checkout.session.completed', linked);
    expect(payment).toMatchObject(expected);
    expect(payment?.orderStandsIn).toBe('orderStandsIn' in expected ? true : undefined);
  });

  it('with a reference of the client say the same as without', () => {
    const plain = fromStripe('checkout.session.completed', session);
    const linked = fromStripe('checkout.session.completed', { ...session, client_reference_id: 'c' });
    expect(linked.contentHash).toEqual(plain.contentHash);
  });

  it('of a subscription’s checkout are quarantined: other events carry its money', () => {
    const subscribed = { ...session, mode: 'subscription', payment_intent: null, subscription: 'sub_1' };
    expect(fromStripe('checkout.session.completed', subscribed)).toMatchObject({
      verdict: 'quarantined',
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

  it.each(['isk', 'ugx'])('in %s of a part of the smallest unit are quarantined', (currency) => {
    expect(fromStripe('charge.succeeded', { ...charge, currency, amount: 490_050 })).toMatchObject({
      verdict: 'quarantined',
      reason: 'AMOUNT_INVALID',
    });
  });

  it('without an id are quarantined', () => {
    const body = Buffer.from(JSON.stringify({ type: 'charge.succeeded', data: { object: charge } }));
    expect(classify(stripe, { headers: {}, body })).toMatchObject({
      verdict: 'quarantined',
      reason: 'EVENT_ID_MISSING',
    });
  });
});

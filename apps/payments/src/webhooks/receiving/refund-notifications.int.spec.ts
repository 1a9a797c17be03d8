import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { contentHash } from '#kernel/ids.js';
import {
  type Notification,
  type RefundDetails,
  standardRefund,
  stripeRefund,
} from '../../../../../test/support/messages/provider-notifications.js';
import { at } from '../../../test/ledger-fixture.js';
import { applied, duplicate, NotifiedPerson, quarantined, waiting } from '../../../test/notified-person.js';
import { secrets } from '../../../test/payments-app.js';
import { classify } from '../domain/notification.js';
import type { WebhookProvider } from '../domain/provider.js';
import { providers } from '../domain/providers.js';

const one = NotifiedPerson.inEachTest();
const { now, standard, stripe, answerTo, available, kept } = one;

const returnedBy = {
  standard: (events: Partial<RefundDetails> & Pick<RefundDetails, 'paymentId'>): Notification =>
    standardRefund(secrets.standard, { amountMinor: 400, currency: 'EUR', signedAt: now(), ...events }),
  stripe: (events: Partial<RefundDetails> & Pick<RefundDetails, 'paymentId'>): Notification =>
    stripeRefund(secrets.stripe, { amountMinor: 400, currency: 'EUR', signedAt: now(), ...events }),
};

describe.each([
  ['standard', standard, returnedBy.standard],
  ['stripe', stripe, returnedBy.stripe],
])('refunds and disputes of %s', (provider, paidBy, returned) => {
  it('that were not supported before are applied when they come again, once', async () => {
    const paymentId = `pay_${randomUUID()}`;
    await answerTo(paidBy({ paymentId }));
    const notification = returned({ paymentId });
    const request = { headers: notification.headers, body: Buffer.from(notification.body) };
    const { eventId } = classify(providers.find(({ name }) => name === provider) as WebhookProvider, request);
    // As the version before this one kept it, by the hash of all that it says.
    const { type, data } = JSON.parse(notification.body);
    await one.sql.query(
      `insert into webhook_request (id, provider, event_id, content_hash, admitted, verdict, reason, headers, body, received_at)
       values (uuid_v7(), $1, $2, $3, true, 'quarantined', 'REFUNDS_NOT_SUPPORTED_YET', $4, $5, $6)`,
      [
        provider,
        eventId,
        contentHash([type, provider === 'stripe' ? data.object : data]),
        JSON.stringify(request.headers),
        request.body,
        at,
      ],
    );
    const answers = await Promise.all([answerTo(notification), answerTo(notification)]);
    expect(answers).toEqual(expect.arrayContaining([applied, duplicate]));
    expect(await answerTo(notification, one.second)).toEqual(duplicate);
    expect(await available()).toBe(600);
  });

  it.each(['refund', 'dispute'] as const)('by a %s leaves the account, and comes back again', async (kind) => {
    const [paymentId, refundId] = [`pay_${randomUUID()}`, `ret_${randomUUID()}`];
    expect(await answerTo(paidBy({ paymentId }))).toEqual(applied);
    const gone = returned({ kind, paymentId, refundId });
    expect(await answerTo(gone)).toEqual(applied);
    expect(await answerTo(gone, one.second)).toEqual(duplicate);
    expect(await answerTo(returned({ kind, paymentId, refundId }))).toEqual(duplicate);
    expect(await available()).toBe(600);
    expect(await answerTo(returned({ kind, paymentId, refundId, reinstated: true }))).toEqual(applied);
    expect(await answerTo(returned({ kind, paymentId, refundId, reinstated: true }), one.second)).toEqual(duplicate);
    expect(await available()).toBe(1_000);
  });

  it('is applied when its payment comes', async () => {
    const paymentId = `pay_${randomUUID()}`;
    const refunded = returned({ paymentId });
    expect(await answerTo(refunded)).toEqual(waiting);
    expect(await answerTo(refunded, one.second)).toEqual(duplicate);
    expect(await kept(refunded.body)).toMatchObject([{ verdict: 'waiting' }, { verdict: 'duplicate' }]);
    expect(await answerTo(paidBy({ paymentId }))).toEqual(applied);
    expect(await available()).toBe(600);
    expect(await kept(refunded.body)).toMatchObject([{ verdict: 'applied' }, { verdict: 'duplicate' }]);
  });

  it('is applied once, when payment and return come fifty times at once to two instances', async () => {
    const paymentId = `pay_${randomUUID()}`;
    const notifications = [paidBy({ paymentId }), returned({ paymentId })];
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_turn, index) =>
        answerTo(notifications[index % 2] as Notification, index % 4 < 2 ? one.service : one.second),
      ),
    );
    const verdicts = answers.map(({ body }) => (body as { verdict: string }).verdict);
    // The return waits if it is the first.
    expect(verdicts.filter((verdict) => verdict === 'applied' || verdict === 'waiting')).toHaveLength(2);
    expect(verdicts.filter((verdict) => verdict === 'duplicate')).toHaveLength(98);
    expect(await available()).toBe(600);
  });

  it('of an id that stands for other money is quarantined', async () => {
    const [paymentId, refundId, eventId] = [`pay_${randomUUID()}`, `ret_${randomUUID()}`, `evt_${randomUUID()}`];
    await answerTo(paidBy({ paymentId }));
    expect(await answerTo(returned({ paymentId, refundId, eventId }))).toEqual(applied);
    expect(await answerTo(returned({ paymentId, refundId, eventId, amountMinor: 5 }))).toEqual(
      quarantined('EVENT_ID_REUSED'),
    );
    expect(await answerTo(returned({ paymentId, refundId, amountMinor: 5 }))).toEqual(quarantined('REFUND_REUSED'));
    expect(await available()).toBe(600);
  });

  it('beyond the payment are followed, and come back to the person last', async () => {
    const [paymentId, refundId] = [`pay_${randomUUID()}`, `ret_${randomUUID()}`];
    await answerTo(paidBy({ paymentId }));
    expect(await answerTo(returned({ paymentId, refundId, amountMinor: 1_000 }))).toEqual(applied);
    expect(await answerTo(returned({ paymentId, kind: 'dispute', amountMinor: 700 }))).toEqual(applied);
    expect(await available()).toBe(0);
    await answerTo(returned({ paymentId, refundId, amountMinor: 1_000, reinstated: true }));
    expect(await available()).toBe(300);
  });

  it('that waited for a payment of another currency is quarantined then', async () => {
    const paymentId = `pay_${randomUUID()}`;
    const [fits, other] = [returned({ paymentId }), returned({ paymentId, currency: 'USD' })];
    for (const notification of [fits, other]) expect(await answerTo(notification)).toEqual(waiting);
    await answerTo(paidBy({ paymentId }));
    expect(await available()).toBe(600);
    expect(await kept(fits.body)).toMatchObject([{ verdict: 'applied', reason: null }]);
    expect(await kept(other.body)).toMatchObject([{ verdict: 'quarantined', reason: 'REFUND_CURRENCY_DIFFERS' }]);
  });

  it('that is reinstated before its payment waits no longer', async () => {
    const [paymentId, refundId] = [`pay_${randomUUID()}`, `ret_${randomUUID()}`];
    const refunded = returned({ paymentId, refundId });
    expect(await answerTo(refunded)).toEqual(waiting);
    expect(await answerTo(returned({ paymentId, refundId, reinstated: true }))).toEqual(applied);
    expect(await kept(refunded.body)).toMatchObject([{ verdict: 'applied' }]);
  });

  it.each([
    [0, 'EUR', 'AMOUNT_INVALID'],
    [0.5, 'EUR', 'AMOUNT_INVALID'],
    [5, 'XYZ', 'CURRENCY_UNKNOWN'],
    [5, 'USD', 'REFUND_CURRENCY_DIFFERS'],
  ])('of %d %s is quarantined', async (amountMinor, currency, reason) => {
    const paymentId = `pay_${randomUUID()}`;
    await answerTo(paidBy({ paymentId }));
    expect(await answerTo(returned({ paymentId, amountMinor, currency }))).toEqual(quarantined(reason));
    expect(await available()).toBe(1_000);
  });
});

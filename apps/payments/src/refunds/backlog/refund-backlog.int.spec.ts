import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { listMissingRefunds, listWaitingRefunds } from '#contracts/payments/refunds.js';
import { RpcClient } from '#messaging/requests/rpc-client.js';
import { stripeEvent, stripeRefund } from '../../../../../test/support/messages/provider-notifications.js';
import { applied, NotifiedPerson, stored, waiting } from '../../../test/notified-person.js';
import { type PaymentsApp, secrets, startPayments } from '../../../test/payments-app.js';
import { RefundGauges } from './refund-gauges.js';

const one = NotifiedPerson.inEachTest();
const { now, stripe, answerTo } = one;

const refunded = (paymentId: string, amountMinor: number, refundId = `re_${randomUUID()}`) =>
  stripeRefund(secrets.stripe, { paymentId, refundId, amountMinor, currency: 'EUR', signedAt: now() });
const event = (type: string, object: object) => stripeEvent(secrets.stripe, { signedAt: now() }, type, object);
const chargeRefunded = (paymentId: string, refundedMinor: number) =>
  event('charge.refunded', {
    ...{ id: `ch_${randomUUID()}`, payment_intent: paymentId, amount: 1_000, currency: 'eur' },
    amount_refunded: refundedMinor,
  });

async function gauges(): Promise<Record<string, number>> {
  const measured = one.service.app.get(RefundGauges);
  // The first one may have been under way already.
  await measured.look();
  await measured.look();
  const text = await (await fetch(`${one.service.operationsUrl}/metrics`)).text();
  const figures = text.matchAll(/^matricula_refunds_(\w+)\{service="payments"\} (\S+)$/gm);
  return Object.fromEntries([...figures].map(([, name, value]) => [name, Number(value)]));
}

const rpc = () => one.service.app.get(RpcClient);
const waitingFor = async (paymentId: string) =>
  (await rpc().request(listWaitingRefunds, {})).items.filter(({ payment_reference: id }) => id === paymentId);
const missingOf = async (paymentId: string) =>
  (await rpc().request(listMissingRefunds, {})).items.filter(({ payment_reference: id }) => id === paymentId);

describe('a refund whose payment nobody notified', () => {
  it('waits in a list and in metrics until the payment arrives', async () => {
    const [paymentId, refundId] = [`pi_${randomUUID()}`, `re_${randomUUID()}`];
    const receivedAt = one.service.clock.now().toString();
    expect(await answerTo(refunded(paymentId, 400, refundId))).toEqual(waiting);
    expect(await waitingFor(paymentId)).toEqual([
      {
        refund_id: expect.any(String),
        provider: 'stripe',
        kind: 'refund',
        reference: refundId,
        payment_reference: paymentId,
        amount_minor: 400,
        currency: 'EUR',
        received_at: receivedAt,
      },
    ]);
    one.service.clock.moveBy({ seconds: 90 });
    expect(await gauges()).toMatchObject({ waiting_open: 1, waiting_oldest_seconds: 90 });
    await answerTo(stripe({ paymentId }));
    expect(await waitingFor(paymentId)).toEqual([]);
    expect(await gauges()).toMatchObject({ waiting_open: 0, waiting_oldest_seconds: 0 });
  });

  it('that contradicts its payment is in the quarantine, not in this list', async () => {
    const paymentId = `pi_${randomUUID()}`;
    await answerTo(stripe({ paymentId, currency: 'USD' }));
    await answerTo(refunded(paymentId, 400));
    expect(await waitingFor(paymentId)).toEqual([]);
  });

  describe('because it names nobody', () => {
    let selective: PaymentsApp;
    beforeAll(async () => {
      const { databaseUrl, clock } = one.service;
      selective = await startPayments({ databaseUrl, clock, environment: { WEBHOOK_UNNAMED_PAYMENTS: 'stored' } });
    });

    it('is not missed', async () => {
      const paymentId = `pi_${randomUUID()}`;
      expect(await answerTo(refunded(paymentId, 400), selective)).toEqual(waiting);
      expect(await waitingFor(paymentId)).toHaveLength(1);
      await answerTo(stripe({ paymentId, personId: undefined }), selective);
      expect(await waitingFor(paymentId)).toEqual([]);
      await selective.close();
    });
  });
});

describe('refunds that a provider counts and does not notify', () => {
  it('are listed with their payment until they are notified', async () => {
    const paymentId = `pi_${randomUUID()}`;
    await answerTo(stripe({ paymentId }));
    await answerTo(refunded(paymentId, 200));
    const reportedAt = one.service.clock.now().toString();
    expect(await answerTo(chargeRefunded(paymentId, 500))).toEqual(stored);
    one.service.clock.moveBy({ seconds: 40 });
    // A larger report: something is missing since the first. An older one that comes later says nothing new.
    expect(await answerTo(chargeRefunded(paymentId, 600))).toEqual(stored);
    expect(await answerTo(chargeRefunded(paymentId, 300))).toEqual(stored);
    expect(await missingOf(paymentId)).toEqual([
      {
        payment_id: expect.any(String),
        provider: 'stripe',
        kind: 'refund',
        payment_reference: paymentId,
        reported_minor: 600,
        known_minor: 200,
        currency: 'EUR',
        reported_at: reportedAt,
      },
    ]);
    one.service.clock.moveBy({ seconds: 20 });
    expect(await gauges()).toMatchObject({ missing_open: 1, missing_oldest_seconds: 60 });
    expect(await answerTo(refunded(paymentId, 400))).toEqual(applied);
    expect(await missingOf(paymentId)).toEqual([]);
    expect(await gauges()).toMatchObject({ missing_open: 0, missing_oldest_seconds: 0 });
  });

  it('are none where the notices came first, or one of them failed', async () => {
    const [paymentId, refundId] = [`pi_${randomUUID()}`, `re_${randomUUID()}`];
    await answerTo(stripe({ paymentId }));
    const failing = { paymentId, refundId, amountMinor: 500, currency: 'EUR', signedAt: now() };
    await answerTo(stripeRefund(secrets.stripe, failing));
    await answerTo(stripeRefund(secrets.stripe, { ...failing, reinstated: true }));
    await answerTo(chargeRefunded(paymentId, 500));
    expect(await missingOf(paymentId)).toEqual([]);
  });

  it('are listed once their payment arrives', async () => {
    const paymentId = `pi_${randomUUID()}`;
    await answerTo(chargeRefunded(paymentId, 500));
    expect(await missingOf(paymentId)).toEqual([]);
    await answerTo(stripe({ paymentId }));
    expect(await missingOf(paymentId)).toMatchObject([{ reported_minor: 500, known_minor: 0 }]);
    await answerTo(refunded(paymentId, 500));
  });

  it.each([
    ['charge.dispute.created', 'needs_response', 1],
    ['charge.dispute.closed', 'lost', 1],
    ['charge.dispute.created', 'warning_needs_response', 0],
    ['charge.dispute.closed', 'won', 0],
  ])('are disputes too: %s that is %s', async (type, status, missing) => {
    const paymentId = `pi_${randomUUID()}`;
    await answerTo(stripe({ paymentId }));
    const disputed = { id: `dp_${randomUUID()}`, payment_intent: paymentId, amount: 700, currency: 'eur', status };
    expect(await answerTo(event(type, disputed))).toEqual(stored);
    expect(await missingOf(paymentId)).toHaveLength(missing);
    await answerTo(event('charge.dispute.funds_withdrawn', disputed));
    expect(await missingOf(paymentId)).toEqual([]);
  });
});

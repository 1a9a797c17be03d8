import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Transactions } from '#persistence/transaction.js';
import {
  type Notification,
  standardNotification,
  standardRefund,
} from '../../../../../test/support/messages/provider-notifications.js';
import { cause } from '../../../test/ledger-fixture.js';
import { type PaymentsApp, secrets, startPayments } from '../../../test/payments-app.js';
import { RefundJournal } from '../../refunds/refund-journal.js';
import { verifyLedger } from '../../verification/verify-ledger.js';
import { classify } from '../domain/notification.js';
import { standard } from '../domain/standard.js';
import { ReceiveRequests } from './receive-requests.js';
import { type ReceivedRequest, WebhooksStore } from './webhooks.store.js';

let service: PaymentsApp;
let sql: Transactions;
let sets: ReceiveRequests;

beforeAll(async () => {
  service = await startPayments();
  sql = service.app.get(Transactions);
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(async () => {
  expect((await verifyLedger(service.databaseUrl)).violations).toEqual([]);
  await service.close();
});

const signedAt = () => new Date(service.clock.now().epochMilliseconds);
const money = { amountMinor: 1_000, currency: 'EUR' };

function received({ headers, body }: Notification): ReceivedRequest {
  const bytes = Buffer.from(body);
  const content = classify(standard, { headers, body: bytes });
  return { provider: 'standard', headers: JSON.stringify(headers), body: bytes, cause, ...content };
}

const payment = (paymentId = `pay_${randomUUID()}`, personId?: string) =>
  received(standardNotification(secrets.standard, { ...money, paymentId, personId, signedAt: signedAt() }));
const refund = (paymentId: string) =>
  received(standardRefund(secrets.standard, { ...money, paymentId, signedAt: signedAt() }));
const unsupported = (request: ReceivedRequest): ReceivedRequest => ({
  ...request,
  verdict: 'quarantined',
  reason: 'CURRENCY_UNKNOWN',
  payment: null,
});

/** A new instance, which expects nothing yet of its sets. */
function newSets(): ReceiveRequests {
  const { transactions, store, payments, refunds } = service.app.get(ReceiveRequests) as unknown as Record<
    'transactions' | 'store' | 'payments' | 'refunds',
    never
  >;
  return new ReceiveRequests(transactions, store, payments, refunds);
}

async function receive(...requests: ReceivedRequest[]): Promise<string[]> {
  const verdicts = await sets.receive(requests, service.clock.now());
  return verdicts.map(({ verdict }) => verdict);
}

/** How many transactions wrote the requests with these bodies, and how many requests there are. */
async function transactionsOf(requests: readonly ReceivedRequest[]) {
  const [row] = await sql.query<{ transactions: number; requests: number }>(
    `select count(distinct xmin::text)::int as transactions, count(*)::int as requests
     from webhook_request where body = any ($1::bytea[])`,
    [requests.map(({ body }) => body)],
  );
  return row;
}

describe('a set that needs steps', () => {
  it.each([
    [
      'a refund',
      async () => {
        const paymentId = `pay_${randomUUID()}`;
        await receive(payment(paymentId));
        return [refund(paymentId)];
      },
    ],
    [
      'a payment whose refund waits',
      async () => {
        const paymentId = `pay_${randomUUID()}`;
        await receive(refund(paymentId));
        return [payment(paymentId)];
      },
    ],
    [
      'the repeat of a request that was not supported',
      async () => {
        const request = payment();
        expect(await receive(unsupported(request))).toEqual(['quarantined']);
        return [request];
      },
    ],
  ])('for %s is received whole, in one transaction', async (_, rare) => {
    sets = newSets();
    const requests = [payment(), ...(await rare()), payment()];
    sets = newSets();
    expect(await receive(...requests)).toEqual(['applied', 'applied', 'applied']);
    const neighbours = requests.filter((_one, index) => index !== 1);
    expect(await transactionsOf(neighbours)).toEqual({ transactions: 1, requests: 2 });
    expect(await receive(...requests)).toEqual(['duplicate', 'duplicate', 'duplicate']);
  });

  it('for a name that a repeat adds is received whole', async () => {
    sets = newSets();
    const [paymentId, personId] = [`pay_${randomUUID()}`, randomUUID()];
    expect(await receive(payment(paymentId))).toEqual(['applied']);
    expect(await receive(payment(), payment(paymentId, personId), payment())).toEqual([
      'applied',
      'duplicate',
      'applied',
    ]);
    expect(await sql.query('select person_named as named from payment where reference = $1', [paymentId])).toEqual([
      { named: personId },
    ]);
  });

  it('is tried in one statement once in nine sets, while every set needs steps', async () => {
    sets = newSets();
    const tries = jest.spyOn(service.app.get(WebhooksStore), 'receive');
    for (let set = 0; set < 18; set += 1) {
      const paymentId = `pay_${randomUUID()}`;
      await newSets().receive([refund(paymentId)], service.clock.now());
      expect(await receive(payment(paymentId))).toEqual(['applied']);
    }
    expect(tries).toHaveBeenCalledTimes(2);
  });

  it('that fails in the middle leaves nothing behind, and is received when it comes again', async () => {
    sets = newSets();
    const requests = [payment(), refund(`pay_${randomUUID()}`)];
    jest.spyOn(service.app.get(RefundJournal), 'record').mockRejectedValueOnce(new Error('connection lost'));
    await expect(receive(...requests)).rejects.toThrow('connection lost');
    expect(await transactionsOf(requests)).toEqual({ transactions: 0, requests: 0 });
    expect(await receive(...requests)).toEqual(['applied', 'waiting']);
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { dismissNotification, listQuarantinedNotifications } from '#contracts/payments/quarantined-notifications.js';
import { newId } from '#kernel/ids.js';
import { RpcClient } from '#messaging/requests/rpc-client.js';
import { Transactions } from '#persistence/transaction.js';
import {
  type Notification,
  type PaymentDetails,
  post,
  standardNotification,
} from '../../../../../test/support/messages/provider-notifications.js';
import { cause } from '../../../test/ledger-fixture.js';
import { type PaymentsApp, secrets, startPayments } from '../../../test/payments-app.js';
import { classify } from '../domain/notification.js';
import { standard } from '../domain/standard.js';
import { ReceiveRequests } from '../receiving/receive-requests.js';
import type { ReceivedRequest } from '../receiving/webhooks.store.js';
import { QuarantinedGauge } from './quarantined-gauge.js';

let service: PaymentsApp;
let rpc: RpcClient;
let sql: Transactions;

beforeAll(async () => {
  service = await startPayments();
  rpc = service.app.get(RpcClient);
  sql = service.app.get(Transactions);
});
beforeEach(() =>
  sql.query(
    `delete from webhook_request
     where verdict = 'quarantined' or dismissed_at is not null or settled_by is not null`,
  ),
);
afterAll(() => service.close());

const list = (query: z.input<typeof listQuarantinedNotifications.request> = {}) =>
  rpc.request(listQuarantinedNotifications, query);
const dismiss = (notification_id: string, note = 'seen', dismissed_by = 'ravi', commandId = newId()) =>
  rpc.request(dismissNotification, { notification_id, note, dismissed_by }, { commandId });

function notificationOf(details: Partial<PaymentDetails> = {}): Notification {
  const signedAt = new Date(service.clock.now().epochMilliseconds);
  return standardNotification(secrets.standard, { amountMinor: 1_000, currency: 'EUR', signedAt, ...details });
}

async function deliver(notification: Notification) {
  const answer = await (await post(service.url, notification)).json();
  return answer as { verdict: string; reason?: string };
}

async function postNew(details: Partial<PaymentDetails> = {}) {
  const notification = notificationOf(details);
  return { notification, answer: await deliver(notification) };
}

/** As the store is handed it. */
function received({ headers, body }: Notification): ReceivedRequest {
  const bytes = Buffer.from(body);
  const classified = classify(standard, { headers, body: bytes });
  return { provider: 'standard', headers: JSON.stringify(headers), body: bytes, cause, ...classified };
}

const keptBecause = {
  'its currency was not known': { verdict: 'quarantined', reason: 'CURRENCY_UNKNOWN', payment: null },
  'the database refused it': {
    eventId: null,
    contentHash: null,
    verdict: 'quarantined',
    reason: 'REFUSED_BY_DATABASE',
    payment: null,
  },
} as const;

/** Keeps it aside, as a version did that understood less, and says its id. */
async function misunderstood(
  notification: Notification,
  why: keyof typeof keptBecause = 'its currency was not known',
): Promise<string> {
  const request = { ...received(notification), ...keptBecause[why] };
  expect(await receive([request])).toEqual(['quarantined']);
  return (await list()).items[0]?.notification_id ?? '';
}

/** One set. */
async function receive(requests: readonly ReceivedRequest[]): Promise<string[]> {
  const verdicts = await service.app.get(ReceiveRequests).receive(requests, service.clock.now());
  return verdicts.map(({ verdict }) => verdict);
}

async function settlement(id: string) {
  const [row] = await sql.query(
    `select w.verdict, w.reason, r.verdict as repeat from webhook_request w
     left join webhook_request r on r.id = w.settled_by where w.id = $1`,
    [id],
  );
  return row;
}

/** The ids of as many notifications as are asked for, oldest first. */
async function quarantined(count: number): Promise<string[]> {
  for (let turn = 0; turn < count; turn += 1) await postNew({ amountMinor: 0 });
  const { items } = await list({ limit: count });
  return items.map((item) => item.notification_id).reverse();
}

async function gauges(): Promise<Record<string, number>> {
  const gauge = service.app.get(QuarantinedGauge);
  // The first one may have been under way already.
  await gauge.look();
  await gauge.look();
  const text = await (await fetch(`${service.operationsUrl}/metrics`)).text();
  const figures = text.matchAll(/^matricula_webhook_quarantined_(\w+)\{service="payments"\} (\S+)$/gm);
  return Object.fromEntries([...figures].map(([, name, value]) => [name, Number(value)]));
}

describe('a notification that is quarantined', () => {
  it('is listed as it came, with the payment that it contradicts', async () => {
    const [eventId, paymentId] = [`evt_${randomUUID()}`, `pay_${randomUUID()}`];
    await postNew({ eventId, paymentId });
    const [payment] = await sql.query<{ id: string }>(`select id from payment where reference = $1`, [paymentId]);
    const { notification, answer } = await postNew({ eventId, paymentId, amountMinor: 9_000 });
    expect(answer).toMatchObject({ verdict: 'quarantined', reason: 'EVENT_ID_REUSED' });
    const expected = {
      notification_id: expect.any(String),
      provider: 'standard',
      event_id: eventId,
      reason: 'EVENT_ID_REUSED',
      payment_id: payment?.id,
      received_at: service.clock.now().toString(),
      headers: expect.objectContaining({ 'webhook-id': eventId }),
      body: notification.body,
      dismissal: null,
      settlement: null,
    };
    expect(await list()).toEqual({ items: [expected], total: 1, page: 1, limit: 20, next_cursor: null });
    await postNew({ paymentId, amountMinor: 1 });
    expect((await list()).items[0]).toMatchObject({ reason: 'PAYMENT_REUSED', payment_id: payment?.id });
  });

  it('is listed when nothing of it can be read', async () => {
    const signedAt = new Date(service.clock.now().epochMilliseconds);
    const { body: _, ...whole } = standardNotification(secrets.standard, { amountMinor: 1, currency: 'EUR', signedAt });
    await sql.query(
      `insert into webhook_request (id, provider, admitted, verdict, reason, headers, body, received_at)
       values (uuid_v7(), 'standard', false, 'quarantined', 'BODY_UNREADABLE', $1, $2, $3)`,
      [JSON.stringify(whole.headers), Buffer.from([0x7b, 0x00, 0xff]), service.clock.now()],
    );
    expect((await list()).items).toMatchObject([{ event_id: null, payment_id: null, body: '{\u0000\ufffd' }]);
  });

  it('is found on a page, the newest first', async () => {
    const [oldest, ...newer] = await quarantined(3);
    const first = await list({ limit: 2 });
    expect(first.items.map((item) => item.notification_id)).toEqual(newer.reverse());
    const second = await list({ page: 2, limit: 2 });
    expect(second).toMatchObject({ items: [{ notification_id: oldest }], total: 3, page: 2, limit: 2 });
    expect((await list({ page: 3, limit: 2 })).items).toEqual([]);
  });
});

describe('a dismissal', () => {
  it('says who, when and why, and takes the notification out of what is open', async () => {
    const [dealtWith = '', open = ''] = await quarantined(2);
    const dismissed_at = service.clock.now().toString();
    const dismissal = { dismissed_at, dismissed_by: 'ravi', note: 'their mistake' };
    expect(await dismiss(dealtWith, 'their mistake')).toEqual({ notification_id: dealtWith, ...dismissal });
    expect(await list()).toMatchObject({ items: [{ notification_id: open, dismissal: null }], total: 1 });
    expect(await list({ state: 'dismissed' })).toMatchObject({
      items: [{ notification_id: dealtWith, reason: 'AMOUNT_INVALID', dismissal }],
      total: 1,
    });
  });

  it('is the first one, and stays when others dismiss later or repeat their command', async () => {
    const [id = ''] = await quarantined(1);
    const commandId = newId();
    const first = await dismiss(id, 'seen', 'ravi', commandId);
    service.clock.moveBy({ minutes: 5 });
    expect(await dismiss(id, 'seen', 'ravi', commandId)).toEqual(first);
    expect(await dismiss(id, 'seen as well', 'olga')).toEqual(first);
    expect((await list({ state: 'dismissed' })).total).toBe(1);
  });

  it('of many at once, by several people, has one winner each', async () => {
    const ids = await quarantined(5);
    const answers = await Promise.all(
      ['ravi', 'olga', 'asha'].map((who, turn) =>
        Promise.all((turn % 2 ? ids.toReversed() : ids).map((id) => dismiss(id, 'seen', who))),
      ),
    );
    const winners = Map.groupBy(answers.flat(), (answer) => answer.notification_id);
    expect(winners.size).toBe(5);
    for (const [, same] of winners) expect(new Set(same.map((answer) => answer.dismissed_by)).size).toBe(1);
    expect((await list()).total).toBe(0);
  });

  it('of nothing, or of what was applied, is refused', async () => {
    const { notification, answer } = await postNew();
    expect(answer.verdict).toBe('applied');
    const [applied] = await sql.query<{ id: string }>(`select id from webhook_request where body = $1`, [
      Buffer.from(notification.body),
    ]);
    const refused = { code: 'NOTIFICATION_NOT_FOUND' };
    await expect(dismiss(applied?.id ?? '')).rejects.toMatchObject(refused);
    await expect(dismiss(newId())).rejects.toMatchObject(refused);
  });
});

describe.each(['its currency was not known', 'the database refused it'] as const)(
  'what was quarantined since %s',
  (why) => {
    it('is open no longer once its repeat is applied, however often that comes', async () => {
      const notification = notificationOf();
      const id = await misunderstood(notification, why);
      const { reason } = keptBecause[why];
      expect(await receive([received(notification), received(notification)])).toEqual(['applied', 'duplicate']);
      const settled = { verdict: 'duplicate', reason, repeat: 'applied' };
      expect(await settlement(id)).toEqual(settled);
      expect([(await list()).total, (await list({ state: 'dismissed' })).total]).toEqual([0, 0]);
      const [repeat] = await sql.query<{ id: string }>(
        `select id from webhook_request where body = $1 and verdict = 'applied'`,
        [Buffer.from(notification.body)],
      );
      const settled_at = service.clock.now().toString();
      expect(await list({ state: 'settled' })).toMatchObject({
        items: [
          {
            notification_id: id,
            reason,
            dismissal: null,
            settlement: { settled_at, notification_id: repeat?.id, verdict: 'applied' },
          },
        ],
        total: 1,
      });
      expect(await gauges()).toEqual({ open: 0, oldest_seconds: 0 });
      await expect(dismiss(id)).rejects.toMatchObject({ code: 'NOTIFICATION_NOT_FOUND' });
      expect(await deliver(notification)).toMatchObject({ verdict: 'duplicate' });
      expect(await settlement(id)).toEqual(settled);
    });

    it('is open no longer once another event carries the same, and its repeat finds that', async () => {
      const paymentId = `pay_${randomUUID()}`;
      const notification = notificationOf({ paymentId });
      const id = await misunderstood(notification, why);
      await postNew({ paymentId, personId: newId() });
      expect((await list()).total).toBe(1);
      expect(await deliver(notification)).toMatchObject({ verdict: 'duplicate' });
      expect(await settlement(id)).toMatchObject({ verdict: 'duplicate', repeat: 'duplicate' });
      expect((await list()).total).toBe(0);
    });

    it('makes place for a repeat that is quarantined for another reason, and is one again', async () => {
      const paymentId = `pay_${randomUUID()}`;
      const notification = notificationOf({ paymentId });
      const id = await misunderstood(notification, why);
      await postNew({ paymentId, amountMinor: 5 });
      expect(await deliver(notification)).toMatchObject({ verdict: 'quarantined', reason: 'PAYMENT_REUSED' });
      expect(await deliver(notification)).toMatchObject({ verdict: 'duplicate' });
      expect(await settlement(id)).toMatchObject({ verdict: 'duplicate', repeat: 'quarantined' });
      expect(await list()).toMatchObject({ items: [{ reason: 'PAYMENT_REUSED' }], total: 1 });
    });

    it('keeps its dismissal when its repeat is applied', async () => {
      const notification = notificationOf();
      const id = await misunderstood(notification, why);
      const dismissal = await dismiss(id);
      expect(await deliver(notification)).toMatchObject({ verdict: 'applied' });
      expect(await dismiss(id, 'seen as well', 'olga')).toEqual(dismissal);
      const { reason } = keptBecause[why];
      expect(await list({ state: 'dismissed' })).toMatchObject({ items: [{ notification_id: id, reason }], total: 1 });
    });

    it('stays open when something else comes', async () => {
      const eventId = `evt_${randomUUID()}`;
      const id = await misunderstood(notificationOf({ eventId }), why);
      await postNew({ eventId, amountMinor: 5 });
      await postNew();
      expect(await settlement(id)).toMatchObject({ verdict: 'quarantined', repeat: null });
    });

    it('is dismissed or settled, when people and its provider come at once', async () => {
      const notifications = Array.from({ length: 20 }, () => notificationOf());
      const ids: string[] = [];
      for (const notification of notifications) ids.push(await misunderstood(notification, why));
      const [answers, dismissals] = await Promise.all([
        Promise.all(notifications.map(deliver)),
        Promise.all(ids.toReversed().map((id) => dismiss(id).catch((error: unknown) => error))),
      ]);
      for (const { verdict } of answers) expect(verdict).toBe('applied');
      for (const said of dismissals) {
        expect(said).toEqual(
          expect.objectContaining(said instanceof Error ? { code: 'NOTIFICATION_NOT_FOUND' } : { note: 'seen' }),
        );
      }
      expect((await list()).total).toBe(0);
    });
  },
);

it('what was stored, and never quarantined, is in no list once its repeat is understood', async () => {
  const notification = notificationOf();
  const stored = { ...received(notification), verdict: 'stored', payment: null } as const;
  expect(await receive([stored])).toEqual(['stored']);
  expect(await deliver(notification)).toMatchObject({ verdict: 'applied' });
  const settled = await sql.query(`select reason from webhook_request where settled_by is not null`);
  expect(settled).toEqual([{ reason: null }]);
  for (const state of ['open', 'dismissed', 'settled'] as const) expect((await list({ state })).total).toBe(0);
});

describe('what was quarantined before repeats settled it', () => {});

describe('the figures', () => {
  it('say what is open, and since when, from the rows', async () => {
    expect(await gauges()).toEqual({ open: 0, oldest_seconds: 0 });
    const [oldest = ''] = await quarantined(1);
    service.clock.moveBy({ minutes: 2 });
    await postNew({ amountMinor: 0 });
    service.clock.moveBy({ seconds: 30 });
    expect(await gauges()).toEqual({ open: 2, oldest_seconds: 150 });
    await dismiss(oldest);
    expect(await gauges()).toEqual({ open: 1, oldest_seconds: 30 });
  });

  it('are none while the rows cannot be read', async () => {
    await sql.query(`alter table webhook_request rename to hidden`);
    try {
      expect(await gauges()).toEqual({});
    } finally {
      await sql.query(`alter table hidden rename to webhook_request`);
    }
    expect(await gauges()).toEqual({ open: 0, oldest_seconds: 0 });
  });
});

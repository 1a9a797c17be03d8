import { hash, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { post } from '../../../../../test/support/messages/provider-notifications.js';
import { at, order } from '../../../test/ledger-fixture.js';
import { openReceivables } from '../../../test/movements.js';
import { applied, duplicate, NotifiedPerson, quarantined, stored } from '../../../test/notified-person.js';
import { secrets } from '../../../test/payments-app.js';
import { classify } from '../domain/notification.js';
import type { WebhookProvider } from '../domain/provider.js';
import { providers } from '../domain/providers.js';
import { keptPerMinute } from '../rejecting/rejections.js';

const one = NotifiedPerson.inEachTest();
const { now, standard, stripe, answerTo, available, kept } = one;

describe.each([
  ['standard', standard],
  ['stripe', stripe],
])('a notification of %s', (provider, make) => {
  it('is applied, once, and every request is kept with its verdict', async () => {
    const notification = make();
    expect(await answerTo(notification)).toEqual(applied);
    expect(await answerTo(notification)).toEqual(duplicate);
    expect(await answerTo(notification, one.second)).toEqual(duplicate);
    expect(await available()).toBe(1_000);
    expect(await kept(notification.body)).toEqual([
      { provider, verdict: 'applied', reason: null },
      { provider, verdict: 'duplicate', reason: null },
      { provider, verdict: 'duplicate', reason: null },
    ]);
  });

  it('sent fifty times at once to two instances is one payment', async () => {
    const notification = make();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => answerTo(notification, index % 2 ? one.service : one.second)),
    );
    expect(answers.filter(({ body }) => (body as { verdict: string }).verdict === 'applied')).toHaveLength(1);
    expect(answers.filter(({ body }) => (body as { verdict: string }).verdict === 'duplicate')).toHaveLength(49);
    expect(await available()).toBe(1_000);
  });

  it('with an id that was used for another amount is quarantined, and so again when it is repeated', async () => {
    const [eventId, paymentId] = [`evt_${randomUUID()}`, `pay_${randomUUID()}`];
    expect(await answerTo(make({ eventId, paymentId }))).toEqual(applied);
    const other = make({ eventId, paymentId, amountMinor: 9_000 });
    expect(await answerTo(other)).toEqual(quarantined('EVENT_ID_REUSED'));
    expect(await answerTo(other)).toEqual(quarantined('EVENT_ID_REUSED'));
    expect(await available()).toBe(1_000);
  });

  it('of a payment that another event has with another amount is quarantined', async () => {
    const paymentId = `pay_${randomUUID()}`;
    expect(await answerTo(make({ paymentId }))).toEqual(applied);
    const other = make({ paymentId, amountMinor: 1 });
    expect(await answerTo(other)).toEqual(quarantined('PAYMENT_REUSED'));
    expect(await answerTo(other)).toEqual(duplicate);
    expect(await answerTo(make({ paymentId }))).toEqual(duplicate);
    expect(await available()).toBe(1_000);
  });

  it.each([
    [0, 'EUR', 'AMOUNT_INVALID'],
    [-1, 'EUR', 'AMOUNT_INVALID'],
    [0.5, 'EUR', 'AMOUNT_INVALID'],
    [1e15, 'EUR', 'AMOUNT_INVALID'],
    [100, 'XYZ', 'CURRENCY_UNKNOWN'],
  ])('of %d %s is quarantined', async (amountMinor, currency, reason) => {
    expect(await answerTo(make({ amountMinor, currency }))).toEqual(quarantined(reason));
    expect(await available()).toBe(0);
  });

  it.each([
    ['quarantined', 'quarantined', 'CURRENCY_UNKNOWN'],
    ['stored', 'stored', null],
  ])('that was %s because nobody understood it is applied when it comes again, once', async (_, verdict, reason) => {
    const notification = make();
    const request = { headers: notification.headers, body: Buffer.from(notification.body) };
    const { eventId, contentHash } = classify(
      providers.find(({ name }) => name === provider) as WebhookProvider,
      request,
    );
    await one.sql.query(
      `insert into webhook_request (id, provider, event_id, content_hash, admitted, verdict, reason, headers, body, received_at)
       values (uuid_v7(), $1, $2, $3, true, $4, $5, $6, $7, $8)`,
      [provider, eventId, contentHash, verdict, reason, JSON.stringify(request.headers), request.body, at],
    );
    const answers = await Promise.all([answerTo(notification), answerTo(notification)]);
    expect(answers).toEqual(expect.arrayContaining([applied, duplicate]));
    expect(await answerTo(notification, one.second)).toEqual(duplicate);
    expect(await available()).toBe(1_000);
  });

  it('of a type that nobody knows is stored', async () => {
    expect(await answerTo(make({ type: 'weather.changed' }))).toEqual(stored);
  });

  it.each([-301, 301])('that is %i seconds off is refused', async (seconds) => {
    const late = make({ signedAt: new Date(now().getTime() + seconds * 1_000) });
    const { status, body } = await answerTo(late);
    expect([status, (body as { code: string }).code]).toEqual([401, 'SIGNATURE_INVALID']);
    expect(await kept(late.body)).toEqual([{ provider, verdict: 'rejected', reason: 'SIGNATURE_INVALID' }]);
    expect(await available()).toBe(0);
  });

  it('that was tampered with is refused, with a problem document that names its trace', async () => {
    const { headers, body } = make();
    const response = await post(one.service.url, { provider: provider as 'stripe', headers, body: `${body} ` });
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({
      status: 401,
      code: 'SIGNATURE_INVALID',
      trace_id: response.headers.get('traceparent')?.slice(3, 35),
    });
  });
});

describe('several events of one payment', () => {
  it('are one payment, and what one of them names counts for all', async () => {
    const mine = order({ personId: one.personId, amountMinor: 800 });
    await openReceivables(one.sql, [mine], at);
    const paymentId = `pi_${randomUUID()}`;
    expect(await answerTo(stripe({ paymentId, personId: undefined }))).toEqual(applied);
    expect(await available()).toBe(0);
    expect(await answerTo(stripe({ paymentId, personId: undefined, orderId: mine.orderId }))).toEqual(duplicate);
    expect(await available()).toBe(200);
  });
});

describe('the webhook port', () => {
  it('does not know other providers', async () => {
    const { status, body } = await answerTo({ ...standard(), provider: 'paypal' as 'stripe' });
    expect([status, (body as { code: string }).code]).toEqual([404, 'WEBHOOK_PROVIDER_UNKNOWN']);
  });

  it('reads no more than 64 KiB', async () => {
    const { status, body } = await answerTo({ provider: 'standard', headers: {}, body: 'x'.repeat(65_537) });
    expect([status, (body as { code: string }).code]).toEqual([413, 'BODY_TOO_LARGE']);
  });

  it('keeps aside what a provider signed and nobody can read', async () => {
    const { Webhook } = await import('standardwebhooks');
    const body = '{"type": broken';
    const [id, signedAt] = [`evt_${randomUUID()}`, now()];
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(signedAt.getTime() / 1_000)),
      'webhook-signature': new Webhook(secrets.standard).sign(id, signedAt, body),
    };
    expect(await answerTo({ provider: 'standard', headers, body })).toEqual(quarantined('BODY_UNREADABLE'));
  });

  it.each(['text/plain; charset=latin1', 'json', ''])(
    'takes bytes as they are, under any content type: “%s”',
    async (type) => {
      const notification = standard();
      const headers = { ...notification.headers, 'content-type': type };
      expect(await answerTo({ ...notification, headers })).toEqual(applied);
    },
  );

  it('keeps the beginning of a refused request, and what the whole of it was', async () => {
    const body = `forged ${randomUUID()} ${'x'.repeat(60 * 1_024)}`;
    const headers = { ...standard().headers, 'webhook-signature': `v1,${'x'.repeat(8_000)}` };
    expect((await answerTo({ provider: 'standard', headers, body })).status).toBe(401);
    const rows = await one.sql.query<{ body: Buffer; headers: string; body_bytes: number; body_sha256: Buffer }>(
      `select body, headers, body_bytes, body_sha256 from webhook_request where body_sha256 = $1`,
      [hash('sha256', body, 'buffer')],
    );
    expect(rows).toMatchObject([{ body: Buffer.from(body.slice(0, 2_048)), body_bytes: body.length }]);
    expect(rows[0]?.headers.length).toBe(1_024);
  });

  it('keeps only so many refused requests of a minute', async () => {
    one.service.clock.moveBy({ minutes: 1 });
    const forged = { provider: 'stripe' as const, headers: {}, body: `forged ${randomUUID()}` };
    for (let sent = 0; sent < keptPerMinute + 10; sent += 1) {
      expect((await answerTo(forged, sent % 2 ? one.service : one.second)).status).toBe(401);
    }
    expect(await kept(forged.body)).toHaveLength(keptPerMinute);
  });

  it.each(['/docs', '/docs-json', '/health/live', '/health/ready', '/metrics'])(
    'has no %s on its port',
    async (path) => {
      expect((await fetch(`${one.service.url}${path}`)).status).toBe(404);
    },
  );

  it('has health and metrics on a port of their own', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics'])
      expect((await fetch(`${one.service.operationsUrl}${path}`)).status).toBe(200);
  });
});

describe('the whole log of notifications', () => {
  it('replayed changes nothing', async () => {
    const requests = await one.sql.query<{ provider: string; headers: string; body: Buffer }>(
      `select provider, headers, body from webhook_request where verdict <> 'rejected' order by id`,
    );
    const state = () =>
      one.sql.query(`select (select count(*) from payment) as payments, (select count(*) from transfer) as transfers,
        (select count(*) from entry) as entries, (select sum(version) from account) as versions`);
    const before = await state();
    for (const { provider, headers, body } of requests) {
      const replayed = { provider: provider as 'stripe', headers: JSON.parse(headers), body: body.toString('utf8') };
      // The clock has moved on a little, and is still within what signatures allow.
      expect((await answerTo(replayed)).status).toBe(200);
    }
    expect(requests.length).toBeGreaterThan(100);
    expect(await state()).toEqual(before);
  });
});

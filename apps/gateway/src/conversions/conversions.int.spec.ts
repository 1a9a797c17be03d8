import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { getConversion, recordConversions, reverseConversion } from '#contracts/promotions/conversions.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { GatewayEnvironment } from '../../../../test/support/services/gateway-environment.js';
import { ApiClient } from '../../../../test/support/stack/api-client.js';

const [current, former, foreign] = [
  'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
  'whsec_plJ3nmyCDGBKInavdOK15jsl3NcTIBpR',
];
let environment: GatewayEnvironment;
let url: string;
let admin: ApiClient;
let nobody: ApiClient;

beforeAll(async () => {
  environment = await GatewayEnvironment.create();
  url = await environment.gateway({ CONVERSIONS_SECRETS: `${current}, ${former}` });
  admin = await environment.client(url, { role: 'admin' });
  nobody = new ApiClient(url, undefined);
});
afterAll(() => environment.close());

beforeEach(async () => {
  await environment.reset();
  environment.on(recordConversions, ({ conversions }) => ({
    items: conversions.map(({ conversion_id }) => ({
      conversion_id,
      uses: [],
      refusals: [],
      recorded_at: conversion_id === 'reused' ? null : '2026-03-02T09:00:00Z',
      problem: conversion_id === 'reused' ? { code: 'CONVERSION_REUSED' as const, message: 'Used before.' } : null,
    })),
  }));
});

const conversion = (events: object = {}) => ({
  conversion_id: `conversion ${newId()}`,
  person_id: newId(),
  offer_id: 'shop-7',
  payout_minor: 9_500,
  currency: 'EUR',
  occurred_at: '2026-03-02T08:59:12Z',
  ...events,
});

/** What a system sends that signs with the SDK of Standard Webhooks; `tamper` happens on the way. */
function signed(
  body: unknown,
  { secret = current as string, id = `msg_${newId()}`, at = new Date(), tamper = (bytes: string) => bytes } = {},
) {
  const bytes = JSON.stringify(body);
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, at, bytes),
    'content-type': 'application/json',
  };
  return { bytes: tamper(bytes), headers };
}

/** What an admin tells, each time as something new. */
const tell = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  admin.post(path, body, { 'idempotency-key': newId(), ...headers });

const send = ({ bytes, headers }: ReturnType<typeof signed>, path = '/conversions') =>
  nobody.post(path, bytes, headers);

describe('an outside system', () => {
  it.each([
    ['our secret', current],
    ['the one before it', former],
  ])('that signs with %s is let in', async (_, secret) => {
    const told = conversion();
    const answer = await send(signed(told, { secret: secret as string }));
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        items: [
          {
            conversion_id: told.conversion_id,
            uses: [],
            refusals: [],
            recorded_at: '2026-03-02T09:00:00Z',
            problem: null,
          },
        ],
      },
    ]);
    expect(environment.done.map(({ data }) => data)).toEqual([{ conversions: [told], sender_repeats: true }]);
  });

  const minutes = (count: number) => new Date(Date.now() + count * 60_000);
  it.each([
    ['with a secret that is not ours', { secret: foreign as string }],
    ['other bytes than it sends', { tamper: (bytes: string) => bytes.replace('9500', '9501') }],
    ['bytes that mean the same', { tamper: (bytes: string) => `${bytes} ` }],
    ['too long ago', { at: minutes(-6) }],
    ['in the time to come', { at: minutes(6) }],
  ])('that signs %s is not', async (_, how) => {
    const answer = await send(signed(conversion(), how));
    expect([answer.status, answer.body.code]).toEqual([401, 'SIGNATURE_INVALID']);
    expect(environment.done).toEqual([]);
  });

  it.each(['webhook-id', 'webhook-timestamp'])('that leaves out %s is not', async (name) => {
    const { bytes, headers } = signed(conversion());
    const { [name as 'webhook-id']: _, ...others } = headers;
    expect((await nobody.post('/conversions', bytes, others)).body.code).toBe('SIGNATURE_INVALID');
  });

  it('that sends the same message again is answered anew, and another message under its id is refused', async () => {
    const [told, id] = [conversion(), 'msg_1'];
    const first = await send(signed(told, { id }));
    const later = { id, at: minutes(1), secret: former as string };
    expect(await send(signed(told, later))).toMatchObject({ status: 200, body: first.body });
    const reused = { status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } };
    expect(await send(signed({ ...told, payout_minor: 1 }, { id }))).toMatchObject(reused);
    const reversal = { reason: 'refund', conversion_id: told.conversion_id };
    const address = `/conversions/${encodeURIComponent(told.conversion_id)}/reverse`;
    expect(await send(signed(reversal, { id }), address)).toMatchObject(reused);
    expect(environment.done.map(({ data }) => data)).toEqual(
      Array(2).fill({ conversions: [told], sender_repeats: true }),
    );
  });

  it('needs no Idempotency-Key, and none that comes along counts', async () => {
    const [one, other] = [signed(conversion()), signed(conversion())];
    for (const { bytes, headers } of [one, other]) {
      const answer = await nobody.post('/conversions', bytes, { ...headers, 'idempotency-key': 'k1' });
      expect(answer.status).toBe(200);
    }
    expect(environment.done).toHaveLength(2);
  });

  it('hears of a wrong signature before anything of its query', async () => {
    const path = '/conversions?dry_run=true';
    expect((await send(signed(conversion(), { secret: foreign as string }), path)).body.code).toBe('SIGNATURE_INVALID');
    expect((await send(signed(conversion()), path)).body.field).toBe('/dry_run');
    expect(environment.done).toEqual([]);
  });

  it('is not let in anywhere else', async () => {
    const answer = await send(signed({ offer_id: 'x', name: 'X' }), '/admin/offers');
    expect([answer.status, answer.body.code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('is not heard while we have no secret', async () => {
    const closed = new ApiClient(await environment.gateway(), undefined);
    const { bytes, headers } = signed(conversion());
    expect((await closed.post('/conversions', bytes, headers)).body.code).toBe('SIGNATURE_INVALID');
  });

  it('is told apart from somebody with a token, whose signature is not looked at', async () => {
    const member = await environment.client(url, { role: 'member' });
    const { bytes, headers } = signed(conversion());
    const answer = await member.post('/conversions', bytes, headers);
    expect([answer.status, answer.body.code]).toEqual([403, 'FORBIDDEN']);
    expect((await tell('/conversions', conversion(), { 'webhook-signature': 'v1,none' })).status).toBe(200);
  });
});

describe('conversions', () => {
  it('come alone or up to a thousand at a time, and each is answered, in order', async () => {
    const told = Array.from({ length: 1_000 }, () => conversion({ offer_id: 'x'.repeat(200) }));
    const answer = await send(signed(told));
    expect(answer.status).toBe(200);
    expect(answer.body.items.map(({ conversion_id }: { conversion_id: string }) => conversion_id)).toEqual(
      told.map(({ conversion_id }) => conversion_id),
    );
    expect(environment.done).toHaveLength(1);
  });

  it('more than a thousand are not read, nor bodies beyond reason', async () => {
    const many = await tell('/conversions', Array.from({ length: 1_001 }, conversion));
    expect([many.status, many.body.code]).toEqual([400, 'INVALID_INPUT']);
    const large = await tell('/conversions', [{ ...conversion(), note: 'x'.repeat(1_100_000) }]);
    expect([large.status, large.body.code]).toEqual([413, 'BODY_TOO_LARGE']);
    expect((await tell('/conversions', [])).status).toBe(400);
  });

  it('alone with a problem are refused for it; among others they hold up none', async () => {
    const reused = conversion({ conversion_id: 'reused' });
    const alone = await tell('/conversions', reused);
    expect([alone.status, alone.body.code]).toEqual([422, 'CONVERSION_REUSED']);
    const among = await tell('/conversions', [conversion(), reused]);
    expect([among.status, among.body.items.map(({ problem }: { problem: unknown }) => problem)]).toEqual([
      200,
      [null, { code: 'CONVERSION_REUSED', message: 'Used before.' }],
    ]);
  });

  it.each([
    [{ payout_minor: -1 }, 'payout_minor', 'TOO_SMALL'],
    [{ payout_minor: 1.5 }, 'payout_minor', 'WRONG_TYPE'],
    [{ currency: 'euro' }, 'currency', 'MALFORMED'],
    [{ occurred_at: 'yesterday' }, 'occurred_at', 'MALFORMED'],
    [{ person_id: undefined }, 'person_id', 'REQUIRED'],
    [{ bonus_minor: 1 }, 'bonus_minor', 'UNKNOWN_FIELD'],
  ])('with %j are refused, naming the member, alone and among others', async (events, field, code) => {
    const alone = await tell('/conversions', conversion(events));
    expect([alone.status, alone.body.errors]).toEqual([400, [expect.objectContaining({ field: `/${field}`, code })]]);
    const among = await tell('/conversions', [conversion(), conversion(events)]);
    expect(among.body.errors).toEqual([expect.objectContaining({ field: `/1/${field}`, code })]);
    expect(environment.done).toEqual([]);
  });
});

describe('a reversal', () => {
  it('names the conversion by its own id, whatever stands in it', async () => {
    environment.on(reverseConversion, ({ conversion_id, reason }) => ({
      conversion_id,
      reason,
      reversed_at: '2026-03-02T09:00:00Z',
      uses: [],
    }));
    const id = 'shop/7?a=ü&b#c';
    const address = `/conversions/${encodeURIComponent(id)}/reverse`;
    const answer = await send(signed({ reason: 'refund', conversion_id: id }), address);
    expect([answer.status, answer.body.conversion_id]).toEqual([200, id]);
    expect((await tell(address, { reason: 'refund' })).status).toBe(200);
  });

  it.each([
    ['letters', 'x'.repeat(200)],
    ['characters that addresses spell out', '語'.repeat(200)],
  ])('reaches a conversion whose id has 200 %s, and says so of longer ones', async (_, id) => {
    environment.on(reverseConversion, ({ conversion_id, reason }) => ({
      conversion_id,
      reason,
      reversed_at: '2026-03-02T09:00:00Z',
      uses: [],
    }));
    const reverse = (one: string) => tell(`/conversions/${encodeURIComponent(one)}/reverse`, { reason: 'refund' });
    expect(await reverse(id)).toMatchObject({ status: 200, body: { conversion_id: id } });
    expect(await reverse(`${id}x`)).toMatchObject({ status: 400, body: { errors: [{ code: 'TOO_LARGE' }] } });
  });

  it('that is signed cannot be sent to the address of another conversion', async () => {
    for (const [body, code] of [
      [{ reason: 'refund' }, 'REQUIRED'],
      [{ reason: 'refund', conversion_id: 'one' }, 'NOT_ALLOWED'],
    ] as const) {
      const answer = await send(signed(body), '/conversions/another/reverse');
      expect([answer.status, answer.body.errors]).toEqual([
        400,
        [expect.objectContaining({ field: '/conversion_id', code })],
      ]);
    }
    expect(environment.done).toEqual([]);
  });

  it('has one of four reasons, and is of something', async () => {
    const wrong = await tell('/conversions/x/reverse', { reason: 'mood' });
    expect([wrong.status, wrong.body.field]).toEqual([400, '/reason']);
    environment.on(reverseConversion, () => {
      throw new Refusal('CONVERSION_NOT_FOUND', 'There is no such conversion.');
    });
    environment.on(getConversion, () => {
      throw new Refusal('CONVERSION_NOT_FOUND', 'There is no such conversion.');
    });
    expect((await tell('/conversions/x/reverse', { reason: 'fraud' })).status).toBe(404);
    expect((await admin.get('/conversions/x')).status).toBe(404);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { getConversion, recordConversions, reverseConversion } from '#contracts/promotions/conversions.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { GatewayEnvironment } from '../../../../test/support/services/gateway-environment.js';
import { ApiClient } from '../../../../test/support/stack/api-client.js';

const [current, former, foreign, rivals] = [
  'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
  'whsec_plJ3nmyCDGBKInavdOK15jsl3NcTIBpR',
  'whsec_QzN0aGUgc2VjcmV0IG9mIGEgcml2YWw=',
];
let environment: GatewayEnvironment;
let url: string;
let admin: ApiClient;
let nobody: ApiClient;

beforeAll(async () => {
  environment = await GatewayEnvironment.create();
  url = await environment.gateway({ CONVERSIONS_SECRETS: `shop=${current}, shop=${former}, rival=${rivals}` });
  admin = await environment.client(url, { role: 'admin' });
  nobody = new ApiClient(url, undefined);
});
afterAll(() => environment.close());

beforeEach(async () => {
  await environment.reset();
  environment.on(recordConversions, ({ conversions }) => ({
    items: conversions.map(({ conversion_id }) => ({
      conversion_id,
      redemptions: [],
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

/** A request that the SDK of Standard Webhooks signed; `tamper` changes its bytes after that. */
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

/** A POST of an admin, under a new Idempotency-Key. */
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  admin.post(path, body, { 'idempotency-key': newId(), ...headers });

const send = ({ bytes, headers }: ReturnType<typeof signed>, path = '/conversions') =>
  nobody.post(path, bytes, headers);

describe('an outside system', () => {
  it.each([
    ['our secret', current],
    ['the one before it', former],
  ])('that signs with %s is accepted', async (_, secret) => {
    const sent = conversion();
    const answer = await send(signed(sent, { secret: secret as string }));
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        items: [
          {
            conversion_id: sent.conversion_id,
            redemptions: [],
            refusals: [],
            recorded_at: '2026-03-02T09:00:00Z',
            problem: null,
          },
        ],
      },
    ]);
    expect(environment.done.map(({ data }) => data)).toEqual([
      { conversions: [sent], sender: 'shop', sender_repeats: true },
    ]);
  });

  const minutes = (count: number) => new Date(Date.now() + count * 60_000);
  it.each([
    ['with a secret that is not ours', { secret: foreign as string }],
    ['bytes that were changed on the way', { tamper: (bytes: string) => bytes.replace('9500', '9501') }],
    ['bytes that were changed to other JSON of the same value', { tamper: (bytes: string) => `${bytes} ` }],
    ['too long ago', { at: minutes(-6) }],
    ['in the future', { at: minutes(6) }],
  ])('that signs %s is refused', async (_, how) => {
    const answer = await send(signed(conversion(), how));
    expect([answer.status, answer.body.code]).toEqual([401, 'SIGNATURE_INVALID']);
    expect(environment.done).toEqual([]);
  });

  it.each(['webhook-id', 'webhook-timestamp'])('that leaves out %s is refused', async (name) => {
    const { bytes, headers } = signed(conversion());
    const { [name as 'webhook-id']: _, ...others } = headers;
    expect((await nobody.post('/conversions', bytes, others)).body.code).toBe('SIGNATURE_INVALID');
  });

  it('that repeats a message gets a new answer, and another message under its id is refused', async () => {
    const [sent, id] = [conversion(), 'msg_1'];
    const first = await send(signed(sent, { id }));
    const later = { id, at: minutes(1), secret: former as string };
    expect(await send(signed(sent, later))).toMatchObject({ status: 200, body: first.body });
    const reused = { status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } };
    expect(await send(signed({ ...sent, payout_minor: 1 }, { id }))).toMatchObject(reused);
    const reversal = { reason: 'refund', conversion_id: sent.conversion_id };
    const address = `/conversions/${encodeURIComponent(sent.conversion_id)}/reverse`;
    expect(await send(signed(reversal, { id }), address)).toMatchObject(reused);
    expect(environment.done.map(({ data }) => data)).toEqual(
      Array(2).fill({ conversions: [sent], sender: 'shop', sender_repeats: true }),
    );
  });

  it('is named by its secret, and has message ids of its own', async () => {
    const [sent, id] = [conversion(), 'msg_2'];
    expect((await send(signed(sent, { id }))).status).toBe(200);
    expect((await send(signed({ ...sent, payout_minor: 1 }, { id, secret: rivals as string }))).status).toBe(200);
    expect(environment.done.map(({ data }) => (data as { sender: string }).sender)).toEqual(['shop', 'rival']);
  });

  it('cannot name another sender, as an admin can', async () => {
    environment.on(reverseConversion, ({ conversion_id, reason }) => ({
      conversion_id,
      reason,
      reversed_at: '2026-03-02T09:00:00Z',
      redemptions: [],
    }));
    const reversal = { reason: 'refund', conversion_id: 'c1' };
    for (const [body, path] of [
      [conversion(), '/conversions?sender=rival'],
      [reversal, '/conversions/c1/reverse?sender=rival'],
    ] as const) {
      const refused = { status: 400, body: { errors: [{ field: '/sender', code: 'NOT_ALLOWED' }] } };
      expect(await send(signed(body), path)).toMatchObject(refused);
      expect(environment.done).toEqual([]);
      expect((await post(path, body)).status).toBe(200);
      expect(environment.done.splice(0)).toMatchObject([{ data: { sender: 'rival', sender_repeats: false } }]);
    }
    expect((await send(signed(reversal), '/conversions/c1/reverse')).status).toBe(200);
    expect(environment.done).toMatchObject([{ data: { sender: 'shop' } }]);
    expect((await post('/conversions?sender=No%20Name', conversion())).status).toBe(400);
  });

  it('needs no Idempotency-Key, and one that is sent is ignored', async () => {
    const [one, other] = [signed(conversion()), signed(conversion())];
    for (const { bytes, headers } of [one, other]) {
      const answer = await nobody.post('/conversions', bytes, { ...headers, 'idempotency-key': 'k1' });
      expect(answer.status).toBe(200);
    }
    expect(environment.done).toHaveLength(2);
  });

  it('gets the error about a wrong signature before any error about its query', async () => {
    const path = '/conversions?dry_run=true';
    expect((await send(signed(conversion(), { secret: foreign as string }), path)).body.code).toBe('SIGNATURE_INVALID');
    expect((await send(signed(conversion()), path)).body.field).toBe('/dry_run');
    expect(environment.done).toEqual([]);
  });

  it('is refused at every other route', async () => {
    const answer = await send(signed({ offer_id: 'x', name: 'X' }), '/admin/offers');
    expect([answer.status, answer.body.code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('is refused while no secret is configured', async () => {
    const closed = new ApiClient(await environment.gateway(), undefined);
    const { bytes, headers } = signed(conversion());
    expect((await closed.post('/conversions', bytes, headers)).body.code).toBe('SIGNATURE_INVALID');
  });

  it('with a token is an ordinary caller, and the gateway ignores its signature', async () => {
    const member = await environment.client(url, { role: 'member' });
    const { bytes, headers } = signed(conversion());
    const answer = await member.post('/conversions', bytes, headers);
    expect([answer.status, answer.body.code]).toEqual([403, 'FORBIDDEN']);
    expect((await post('/conversions', conversion(), { 'webhook-signature': 'v1,none' })).status).toBe(200);
  });
});

describe('conversions', () => {
  it('are sent alone or up to a thousand at a time, and each gets an answer, in order', async () => {
    const sent = Array.from({ length: 1_000 }, () => conversion({ offer_id: 'x'.repeat(200) }));
    const answer = await send(signed(sent));
    expect(answer.status).toBe(200);
    expect(answer.body.items.map(({ conversion_id }: { conversion_id: string }) => conversion_id)).toEqual(
      sent.map(({ conversion_id }) => conversion_id),
    );
    expect(environment.done).toHaveLength(1);
  });

  it('are refused in lists of more than a thousand, or in bodies over the limit', async () => {
    const many = await post('/conversions', Array.from({ length: 1_001 }, conversion));
    expect([many.status, many.body.code]).toEqual([400, 'INVALID_INPUT']);
    const large = await post('/conversions', [{ ...conversion(), note: 'x'.repeat(1_100_000) }]);
    expect([large.status, large.body.code]).toEqual([413, 'BODY_TOO_LARGE']);
    expect((await post('/conversions', [])).status).toBe(400);
  });

  it('with a problem are refused when sent alone, and do not stop the others of a list', async () => {
    const reused = conversion({ conversion_id: 'reused' });
    const alone = await post('/conversions', reused);
    expect([alone.status, alone.body.code]).toEqual([422, 'CONVERSION_REUSED']);
    const among = await post('/conversions', [conversion(), reused]);
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
    const alone = await post('/conversions', conversion(events));
    expect([alone.status, alone.body.errors]).toEqual([400, [expect.objectContaining({ field: `/${field}`, code })]]);
    const among = await post('/conversions', [conversion(), conversion(events)]);
    expect(among.body.errors).toEqual([expect.objectContaining({ field: `/1/${field}`, code })]);
    expect(environment.done).toEqual([]);
  });
});

describe('a reversal', () => {
  it('names the conversion by its own id, with any characters in it', async () => {
    environment.on(reverseConversion, ({ conversion_id, reason }) => ({
      conversion_id,
      reason,
      reversed_at: '2026-03-02T09:00:00Z',
      redemptions: [],
    }));
    const id = 'shop/7?a=ü&b#c';
    const address = `/conversions/${encodeURIComponent(id)}/reverse`;
    const answer = await send(signed({ reason: 'refund', conversion_id: id }), address);
    expect([answer.status, answer.body.conversion_id]).toEqual([200, id]);
    expect((await post(address, { reason: 'refund' })).status).toBe(200);
  });

  it.each([
    ['letters', 'x'.repeat(200)],
    ['characters that addresses spell out', '語'.repeat(200)],
  ])('reaches a conversion whose id has 200 %s, and refuses longer ids', async (_, id) => {
    environment.on(reverseConversion, ({ conversion_id, reason }) => ({
      conversion_id,
      reason,
      reversed_at: '2026-03-02T09:00:00Z',
      redemptions: [],
    }));
    const reverse = (one: string) => post(`/conversions/${encodeURIComponent(one)}/reverse`, { reason: 'refund' });
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

  it('has one of four reasons, and an existing conversion', async () => {
    const wrong = await post('/conversions/x/reverse', { reason: 'mood' });
    expect([wrong.status, wrong.body.field]).toEqual([400, '/reason']);
    environment.on(reverseConversion, () => {
      throw new Refusal('CONVERSION_NOT_FOUND', 'There is no such conversion.');
    });
    environment.on(getConversion, () => {
      throw new Refusal('CONVERSION_NOT_FOUND', 'There is no such conversion.');
    });
    expect((await post('/conversions/x/reverse', { reason: 'fraud' })).status).toBe(404);
    expect((await admin.get('/conversions/x')).status).toBe(404);
  });
});

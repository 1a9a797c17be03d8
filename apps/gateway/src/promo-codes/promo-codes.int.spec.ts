import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { generateCodes } from '#contracts/promotions/promo-code-batches.js';
import {
  changeCodeStatus,
  changePromoCode,
  createPromoCode,
  listPromoCodes,
  previewOpenings,
} from '#contracts/promotions/promo-codes.js';
import { getPublisherCode, listPublisherCodes } from '#contracts/promotions/publisher-codes.js';
import { Refusal } from '#kernel/refusal.js';
import { GatewayEnvironment } from '../../../../test/support/services/gateway-environment.js';
import type { ApiClient } from '../../../../test/support/stack/api-client.js';
import { examples } from '../documents/examples.js';

const id = '0198c0de-7a11-7c3e-8f00-3b5d1f6a0008';
const codes = '/admin/promo-codes';
const code = examples.PromoCode as never;

let environment: GatewayEnvironment;
let url: string;
let admin: ApiClient;
/** What the service was asked. */
let asked: Record<string, unknown>[];

beforeAll(async () => {
  environment = await GatewayEnvironment.create();
  url = await environment.gateway();
  admin = await environment.client(url, { role: 'admin', sub: 'ravi' });
});
beforeEach(async () => {
  await environment.reset();
  asked = [];
  const note =
    <Answer>(answer: Answer) =>
    (request: Record<string, unknown>) => {
      asked.push(request);
      return answer;
    };
  environment.on(createPromoCode, note(code));
  environment.on(changePromoCode, note(code));
  environment.on(changeCodeStatus, note(code));
  environment.on(listPromoCodes, note({ items: [code], total: 1, page: 1, limit: 50, next_cursor: null }));
  environment.on(listPublisherCodes, note({ items: [], total: 0, page: 1, limit: 50, next_cursor: null }));
  environment.on(getPublisherCode, note(examples.PublisherCode as never));
  environment.on(previewOpenings, note(examples.CodeOpenings as never));
  environment.on(generateCodes, note(examples.CodeBatch as never));
});
afterAll(() => environment.close());

describe('a promo code over HTTP', () => {
  it('is made with the defaults, in the name of who made it', async () => {
    const { status, body, headers } = await admin.post(codes, {
      code: ' Früh-1 ',
      kind: 'discount',
      percent_bp: 1_000,
    });
    expect([status, body, headers.get('location')]).toEqual([201, code, `/api${codes}/${id}`]);
    expect(asked).toMatchObject([
      { code: 'Früh-1', created_by: 'ravi', active_hours: { enabled: false, timezone: 'UTC' }, status: 'active' },
    ]);
  });

  it.each<[object, string, string]>([
    [{ percent_bp: 10_001 }, '/percent_bp', 'TOO_LARGE'],
    [{ percent_bp: 12.5 }, '/percent_bp', 'WRONG_TYPE'],
    [{ amount_minor: 0 }, '/amount_minor', 'TOO_SMALL'],
    [{ kind: 'present' }, '/kind', 'NOT_ALLOWED'],
    [{ code: 'A B' }, '/code', 'MALFORMED'],
    [{ code: 'A\u200bB' }, '/code', 'MALFORMED'],
    [{ code: '\u3164' }, '/code', 'MALFORMED'],
    [{ title: '\u2800' }, '/title', 'INVALID'],
    [{ code: 'x'.repeat(65) }, '/code', 'TOO_LARGE'],
    [{ days: [0] }, '/days/0', 'TOO_SMALL'],
    [{ days: [] }, '/days', 'TOO_SMALL'],
    [{ max_uses: 0 }, '/max_uses', 'TOO_SMALL'],
    [{ valid_until: 'tomorrow' }, '/valid_until', 'MALFORMED'],
    [{ valid_until: '2026-05-01T00:00:00.0000001Z' }, '/valid_until', 'INVALID'],
    [{ active_hours: { start_time: 600 } }, '/active_hours/start_time', 'WRONG_TYPE'],
    [{ active_hours: { opens: '06:00' } }, '/active_hours/opens', 'UNKNOWN_FIELD'],
    [{ usage_count: 5 }, '/usage_count', 'UNKNOWN_FIELD'],
    [{ status: 'expired' }, '/status', 'NOT_ALLOWED'],
  ])('that is invalid like %j is a 400 at %s', async (change, field, fault) => {
    const answer = await admin.post(codes, { code: 'X', kind: 'discount', percent_bp: 1, ...change });
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT', field, errors: [{ field, code: fault }] },
    });
    expect(asked).toEqual([]);
  });

  it('that does not hang together is a 422 that names the member', async () => {
    environment.on(createPromoCode, () => {
      throw new Refusal('ACTIVE_HOURS_INVALID', '“24:30” is no time.', { field: 'active_hours.start_time' });
    });
    const hours = { start_time: '24:30' };
    const answer = await admin.post(codes, { code: 'X', kind: 'discount', percent_bp: 1, active_hours: hours });
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'ACTIVE_HOURS_INVALID', field: '/active_hours/start_time' },
    });
  });

  it('is changed by what the body names and nothing else', async () => {
    const instant = '2026-10-25T02:30:00.999999+02:00';
    await admin.patch(`${codes}/${id}`, { valid_until: instant, active_hours: { end_time: '10:00' }, version: 3 });
    expect(asked).toEqual([
      { code_id: id, changed_by: 'ravi', valid_until: instant, active_hours: { end_time: '10:00' }, version: 3 },
    ]);
    expect(await admin.patch(`${codes}/${id}`, { code: 'Other' })).toMatchObject({
      status: 400,
      body: { field: '/code' },
    });
  });

  it.each(['activate', 'pause', 'archive'])('has a route to %s it', async (action) => {
    expect((await admin.post(`${codes}/${id}/${action}`)).status).toBe(200);
    expect(asked).toEqual([{ code_id: id, action, changed_by: 'ravi' }]);
  });

  it('is found by filters', async () => {
    await admin.get(`${codes}?search=Spr&status=archived&kind=bonus&owner_id=studio&page=2&limit=10`);
    expect(asked).toEqual([
      { search: 'Spr', status: 'archived', kind: 'bonus', owner_id: 'studio', page: 2, limit: 10 },
    ]);
    expect((await admin.get(`${codes}?status=lost`)).body.field).toBe('/status');
    expect((await admin.get(`${codes}?limit=201`)).body.field).toBe('/limit');
  });

  it('is previewed for at most 400 days', async () => {
    expect((await admin.get(`${codes}/${id}/openings`)).body).toEqual(examples.CodeOpenings);
    await admin.get(`${codes}/${id}/openings?from=2026-03-01&days=7`);
    expect(asked).toEqual([
      { code_id: id, owned_by: null, days: 400 },
      { code_id: id, owned_by: null, from: '2026-03-01', days: 7 },
    ]);
    expect((await admin.get(`${codes}/${id}/openings?days=401`)).body.field).toBe('/days');
  });

  it('of many alike is ordered by a pattern', async () => {
    const terms = { kind: 'discount', percent_bp: 500 };
    const answer = await admin.post(`${codes}/generate`, { pattern: 'SPRING-####-????', count: 100_000, terms });
    expect([answer.status, answer.headers.get('location')]).toEqual([
      201,
      `/api/admin/promo-code-batches/${(examples.CodeBatch as { batch_id: string }).batch_id}`,
    ]);
    expect(asked).toMatchObject([{ pattern: 'SPRING-####-????', count: 100_000, created_by: 'ravi' }]);
    const tooMany = await admin.post(`${codes}/generate`, { pattern: 'X-####', count: 1_000_001, terms });
    expect(tooMany).toMatchObject({ status: 400, body: { field: '/count' } });
  });
});

describe('a publisher', () => {
  it('requests only their own codes, for any query', async () => {
    const publisher = await environment.client(url, { role: 'publisher', sub: 'studio-kolkata' });
    await publisher.get('/publisher/promo-codes?search=Spr');
    await publisher.get(`/publisher/promo-codes/${id}`);
    await publisher.get(`/publisher/promo-codes/${id}/openings?days=1`);
    expect(asked).toEqual([
      { owned_by: 'studio-kolkata', search: 'Spr', limit: 50 },
      { owned_by: 'studio-kolkata', code_id: id },
      { owned_by: 'studio-kolkata', code_id: id, days: 1 },
    ]);
    expect((await publisher.get('/publisher/promo-codes?owner_id=other')).status).toBe(400);
    expect((await publisher.get(codes)).status).toBe(403);
  });
});

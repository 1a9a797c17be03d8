import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cursorOf } from '#contracts/cursors.js';
import {
  getCodeRefusals,
  getDecisionReceipt,
  listDecisionReceipts,
  listPersonReceipts,
  simulateCode,
} from '#contracts/promotions/decision-receipts.js';
import { listCodeBatches } from '#contracts/promotions/promo-code-batches.js';
import { listPromoCodes, previewHours } from '#contracts/promotions/promo-codes.js';
import { Refusal } from '#kernel/refusal.js';
import { GatewayEnvironment } from '../../../../test/support/services/gateway-environment.js';
import type { ApiClient } from '../../../../test/support/stack/api-client.js';
import { examples } from '../documents/examples.js';

const id = '0198c0de-7a11-7c3e-8f00-3b5d1f6a00ff';
const other = '0198c0de-7a11-7c3e-8f00-3b5d1f6a00fe';
const code = `/admin/promo-codes/${id}`;

let environment: GatewayEnvironment;
let clients: Record<'admin' | 'ops' | 'publisher' | 'member', ApiClient>;
/** What the service was asked. */
let asked: unknown[];

beforeAll(async () => {
  environment = await GatewayEnvironment.create();
  const url = await environment.gateway();
  const client = (role: keyof typeof clients, sub: string) => environment.client(url, { role, sub });
  clients = {
    admin: await client('admin', 'ada'),
    ops: await client('ops', 'otto'),
    publisher: await client('publisher', 'north-books'),
    member: await client('member', id),
  };
});
beforeEach(async () => {
  await environment.reset();
  asked = [];
  const page = { items: [], limit: 50, next_cursor: null };
  const answers = [
    [listDecisionReceipts, page],
    [listPersonReceipts, page],
    [listPromoCodes, page],
    [listCodeBatches, page],
    [getDecisionReceipt, examples.DecisionReceiptDetails],
    [getCodeRefusals, examples.PromoCodeRefusals],
    [simulateCode, examples.SimulatedDecision],
    [previewHours, examples.PreviewedHours],
  ] as const;
  for (const [contract, answer] of answers) {
    environment.on(contract as typeof getDecisionReceipt, (request) => {
      asked.push(request);
      return answer as never;
    });
  }
});
afterAll(() => environment.close());

/** The statuses that each role gets. */
async function statuses(send: (client: ApiClient) => Promise<{ status: number }>) {
  const entries = Object.entries(clients).map(async ([role, client]) => [role, (await send(client)).status] as const);
  return Object.fromEntries(await Promise.all(entries));
}

const readers = { admin: 200, ops: 200, publisher: 403, member: 403 };

describe('decisions about promo codes over HTTP', () => {
  it('are for admins and operators', async () => {
    expect(await statuses((client) => client.get(`${code}/receipts`))).toEqual(readers);
    expect(await statuses((client) => client.get('/admin/promotions/receipts'))).toEqual(readers);
    expect(await statuses((client) => client.get(`/admin/promotions/receipts/${id}`))).toEqual(readers);
    expect(await statuses((client) => client.get(`${code}/refusals`))).toEqual(readers);
    expect(await statuses((client) => client.post(`${code}/simulate`, {}))).toEqual(readers);
    expect(await statuses((client) => client.get('/admin/promo-code-batches'))).toEqual(readers);
  });

  it('take their filters from the query string', async () => {
    const filter = `allowed=false&reason=PROMO_CODE_OUTSIDE_HOURS&what=apply&order_id=${other}`;
    const time = 'from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00%2B01:00';
    await clients.admin.get(`${code}/receipts?${filter}&${time}&person_id=${other}&count=true`);
    expect(asked).toEqual([
      {
        code_id: id,
        person_id: other,
        allowed: false,
        reason: 'PROMO_CODE_OUTSIDE_HOURS',
        what: 'apply',
        order_id: other,
        from: '2026-03-01T00:00:00Z',
        to: '2026-03-02T00:00:00+01:00',
        limit: 50,
        count: true,
      },
    ]);
    for (const [query, field] of [
      ['allowed=no', '/allowed'],
      ['what=look', '/what'],
      ['from=yesterday', '/from'],
      [`after=${cursorOf([id])}`, '/after'],
    ]) {
      expect(await clients.admin.get(`/admin/promotions/receipts?${query}`)).toMatchObject({
        status: 400,
        body: { field },
      });
    }
  });

  it('are not found by an id that is none', async () => {
    environment.on(getDecisionReceipt, () => {
      throw new Refusal('RECEIPT_NOT_FOUND', 'This receipt does not exist.', { field: 'receipt_id' });
    });
    const { status, body } = await clients.admin.get(`/admin/promotions/receipts/${id}`);
    expect([status, body.code]).toEqual([404, 'RECEIPT_NOT_FOUND']);
  });

  it('are refused by reason and day to the publisher of the code', async () => {
    await clients.publisher.get(`/publisher/promo-codes/${id}/refusals?from=2026-03-01T23:30:00-02:00`);
    await clients.admin.get(`${code}/refusals`);
    expect(asked).toEqual([
      { code_id: id, owned_by: 'north-books', from: '2026-03-02' },
      { code_id: id, owned_by: null },
    ]);
    expect((await clients.admin.get(`/publisher/promo-codes/${id}/refusals`)).status).toBe(403);
  });

  it('are simulated without an Idempotency-Key, and without members that do not exist', async () => {
    const body = { person_id: id, offer_id: 'chess', amount_minor: 4_900, at: '2026-03-03T01:00:00Z' };
    expect((await clients.admin.post(`${code}/simulate`, body)).body).toEqual(examples.SimulatedDecision);
    expect(asked).toEqual([{ ...body, code_id: id }]);
    for (const [wrong, field] of [
      [{ at: '0001-01-01T00:00:00Z' }, '/at'],
      [{ what: 'reverse' }, '/what'],
      [{ time: '06:30' }, '/time'],
      [{ amount_minor: 0 }, '/amount_minor'],
    ] as const) {
      expect(await clients.admin.post(`${code}/simulate`, wrong)).toMatchObject({ status: 400, body: { field } });
    }
  });

  it('are shown to their person alone, besides admins and operators', async () => {
    const own = (person: string) => statuses((client) => client.get(`/persons/${person}/promo-code-receipts`));
    expect(await own(id)).toEqual({ admin: 200, ops: 200, publisher: 403, member: 200 });
    expect(await own(other)).toEqual({ admin: 200, ops: 200, publisher: 403, member: 404 });
  });
});

describe('the list of codes', () => {
  it('has an order, in which its cursor goes on', async () => {
    const [byText, byCreation] = [cursorOf(['SPRING']), cursorOf([id])];
    const status = async (query: string) => (await clients.admin.get(`/admin/promo-codes?${query}`)).status;
    expect(await status(`sort=code&after=${byText}`)).toBe(200);
    expect(await status(`sort=oldest&after=${byCreation}`)).toBe(200);
    expect(asked).toEqual([
      { sort: 'code', after: byText, limit: 50 },
      { sort: 'oldest', after: byCreation, limit: 50 },
    ]);
    expect(await status(`after=${byText}`)).toBe(400);
    expect(await status(`sort=code&after=${byCreation}&page=2`)).toBe(400);
    expect(await status('sort=uses')).toBe(400);
  });
});

describe('hours that are not saved', () => {
  it('are previewed by admins', async () => {
    const body = { active_hours: { enabled: true, start_time: '06:00', end_time: '09:00' }, days: [1], count: 7 };
    expect(await statuses((client) => client.post('/admin/promo-codes/preview-openings', body))).toEqual({
      ...readers,
      ops: 403,
    });
    expect(asked).toEqual([
      {
        active_hours: { enabled: true, start_time: '06:00', end_time: '09:00', timezone: 'UTC' },
        days: [1],
        valid_from: null,
        valid_until: null,
        count: 7,
      },
    ]);
    environment.on(previewHours, () => {
      throw new Refusal('ACTIVE_HOURS_INVALID', 'Not a time.', { field: 'active_hours.start_time' });
    });
    const { status, body: problem } = await clients.admin.post('/admin/promo-codes/preview-openings', {});
    expect([status, problem.field]).toEqual([422, '/active_hours/start_time']);
  });
});

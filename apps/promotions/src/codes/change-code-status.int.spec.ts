import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answerOf, refusalOf } from '../../../../test/support/messages/replies.js';
import { CodeAdmin } from '../../test/code-admin.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import { ReadCodes } from './read-codes.js';
import { ExpireCodes } from './sweeps/expire-codes.js';

let harness: PromotionsHarness;
let admin: CodeAdmin;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
  admin = new CodeAdmin(harness);
});
afterAll(() => harness[Symbol.asyncDispose]());

describe('the status of a code', () => {
  it('goes from draft to active to paused and back, and ends archived', async () => {
    const code = await admin.create({ status: 'draft' });
    const statuses: (string | null)[] = [];
    for (const step of ['activate', 'activate', 'pause', 'pause', 'activate', 'archive', 'archive'] as const) {
      statuses.push(answerOf(await admin.changeStatus(code, step)).status);
    }
    expect(statuses).toEqual(['active', 'active', 'paused', 'paused', 'active', 'archived', 'archived']);
    expect((await admin.read(code)).version).toBe(5);
    expect(
      (await Promise.all([admin.changeStatus(code, 'activate'), admin.changeStatus(code, 'pause')])).map(refusalOf),
    ).toEqual(['PROMO_CODE_STATUS_CONFLICT', 'PROMO_CODE_STATUS_CONFLICT']);
    expect(refusalOf(await admin.change(code, { title: 'x' }))).toBe('PROMO_CODE_STATUS_CONFLICT');
  });

  it('cannot be set to active when the code is used up or has expired', async () => {
    const full = await admin.create({ max_uses: 1 });
    await admin.setUsage(full, 1);
    expect(refusalOf(await admin.changeStatus(full, 'activate'))).toBe('PROMO_CODE_STATUS_CONFLICT');
    const late = await admin.create({ status: 'paused', valid_until: '2026-03-02T08:59:59Z' });
    expect(refusalOf(await admin.changeStatus(late, 'activate'))).toBe('PROMO_CODE_STATUS_CONFLICT');
  });

  it('becomes expired when the validity ends, and active when valid_until is moved', async () => {
    const due = await admin.create({ valid_until: '2026-03-02T09:00:00Z' });
    const paused = await admin.create({ valid_until: '2026-03-02T09:00:00Z', status: 'paused' });
    const later = await admin.create({ valid_until: '2026-03-02T09:00:00.000001Z' });
    await Promise.all([harness.get(ExpireCodes).execute(), harness.get(ExpireCodes).execute()]);
    const statuses = await Promise.all([due, paused, later].map(async (code) => (await admin.read(code)).status));
    expect(statuses).toEqual(['expired', 'paused', 'active']);
    const { items } = await harness.get(ReadCodes).changes({ code_id: due.code_id, page: 1, limit: 10 });
    expect(items).toMatchObject([{ version: 2, changed_by: 'expire-codes', after: { status: 'expired' } }]);
    expect(answerOf(await admin.change(due, { valid_until: '2026-04-01T00:00:00Z' }))).toMatchObject({
      status: 'active',
      valid_until: '2026-04-01T00:00:00Z',
    });
  });
});

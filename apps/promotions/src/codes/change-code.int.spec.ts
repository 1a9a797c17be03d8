import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { promoCodeDeactivated } from '#contracts/promotions/promo-redemptions.js';
import { newId } from '#kernel/ids.js';
import { answerOf, refusalOf } from '../../../../test/support/messages/replies.js';
import { CodeAdmin, type CodeChange } from '../../test/code-admin.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import { ReadCodes } from './read-codes.js';

let harness: PromotionsHarness;
let admin: CodeAdmin;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
  admin = new CodeAdmin(harness);
});
afterAll(() => harness[Symbol.asyncDispose]());

describe('a change', () => {
  it('leaves the members that it does not name, within active_hours and give_back too', async () => {
    const code = await admin.create({
      valid_from: '2026-03-01T00:00:00.123456Z',
      valid_until: '2026-10-25T00:30:00.000001Z',
      active_hours: { enabled: true, start_time: '06:00', end_time: '09:00', timezone: 'Asia/Kolkata' },
    });
    const changed = answerOf(
      await admin.change(code, { active_hours: { end_time: '10:00' }, give_back: { fraud: true } }),
    );
    expect(changed).toEqual({
      ...code,
      active_hours: { ...code.active_hours, end_time: '10:00' },
      give_back: { ...code.give_back, fraud: true },
      version: 2,
    });
    expect(await admin.read(code)).toEqual(changed);
  });

  it('changes no instant when a code is saved as it was read, several times', async () => {
    let code = await admin.create({
      valid_from: '2026-03-29T01:30:00+01:00',
      valid_until: '2026-10-25T02:30:00.999999+02:00',
      active_hours: { enabled: true, start_time: '02:15', end_time: '02:45', timezone: 'Europe/Berlin' },
    });
    const instants = [code.valid_from, code.valid_until];
    expect(instants).toEqual(['2026-03-29T00:30:00Z', '2026-10-25T00:30:00.999999Z']);
    for (const title of ['once', 'twice', 'three times']) {
      const { valid_from, valid_until, active_hours } = code;
      code = answerOf(await admin.change(code, { title, valid_from, valid_until, active_hours }));
    }
    expect([code.valid_from, code.valid_until]).toEqual(instants);
    const { items } = await harness.get(ReadCodes).changes({ code_id: code.code_id, page: 1, limit: 10 });
    expect(items.map(({ after }) => Object.keys(after))).toEqual([['title'], ['title'], ['title']]);
  });

  it('that repeats the present values creates no version', async () => {
    const code = await admin.create({ title: 'Same' });
    expect(answerOf(await admin.change(code, { title: 'Same', max_uses: null }))).toEqual(code);
  });

  it('is in the audit trail: who, when, before and after', async () => {
    const persons = [newId()];
    const code = await admin.create({ audience: 'listed', persons, max_uses: 5 });
    await admin.change(code, { max_uses: 9, title: 'More' }, 'meera');
    await admin.change(code, { audience: 'everyone' }, 'asha');
    await admin.changeStatus(code, 'pause');
    const { items, total } = await harness.get(ReadCodes).changes({ code_id: code.code_id, page: 1, limit: 2 });
    expect(total).toBe(3);
    const at = '2026-03-02T09:00:00Z';
    expect(items).toEqual([
      { version: 4, changed_by: 'meera', at, before: { status: 'active' }, after: { status: 'paused' } },
      {
        version: 3,
        changed_by: 'asha',
        at,
        before: { audience: 'listed', persons },
        after: { audience: 'everyone', persons: [] },
      },
    ]);
    const oldest = await harness.get(ReadCodes).changes({ code_id: code.code_id, page: 2, limit: 2 });
    expect(oldest.items).toEqual([
      {
        version: 2,
        changed_by: 'meera',
        at,
        before: { max_uses: 5, title: '' },
        after: { max_uses: 9, title: 'More' },
      },
    ]);
  });

  it('based on an older version is refused if it names the version', async () => {
    const code = await admin.create();
    const replies = await Promise.all([
      admin.change(code, { title: 'one', version: 1 }),
      admin.change(code, { title: 'other', version: 1 }),
    ]);
    expect(replies.map(refusalOf).sort()).toEqual(['PROMO_CODE_CHANGED', null]);
    expect((await admin.read(code)).version).toBe(2);
  });

  it.each<[string, CodeChange, string | null]>([
    ['kind', { kind: 'bonus' }, 'PROMO_CODE_IN_USE'],
    ['currency', { currency: 'USD' }, 'PROMO_CODE_IN_USE'],
    ['limit below its uses', { max_uses: 2 }, 'PROMO_CODE_LIMIT_BELOW_USES'],
    ['limit at its uses', { max_uses: 3 }, null],
    ['benefit', { amount_minor: 700 }, null],
  ])('of the %s of a used code may be refused', async (_, changes, refusal) => {
    const code = await admin.create({ amount_minor: 500, currency: 'EUR', max_uses: 10 });
    await admin.setUsage(code, 2, 1);
    expect(refusalOf(await admin.change(code, changes))).toBe(refusal);
  });

  it('of kind and currency is possible while the code is unused', async () => {
    const code = await admin.create({ amount_minor: 500, currency: 'EUR' });
    expect(answerOf(await admin.change(code, { kind: 'bonus', currency: 'USD' }))).toMatchObject({
      kind: 'bonus',
      currency: 'USD',
    });
  });

  it('is checked like a new code', async () => {
    const code = await admin.create({ active_hours: { enabled: true, start_time: '06:00', end_time: '09:00' } });
    expect(refusalOf(await admin.change(code, { active_hours: { end_time: '06:00' } }))).toBe('ACTIVE_HOURS_INVALID');
    expect(refusalOf(await admin.change(code, { budget_minor: 100 }))).toBe('PROMO_CODE_INVALID');
    expect(refusalOf(await admin.change({ ...code, code_id: newId() }, { title: 'x' }))).toBe('PROMO_CODE_NOT_FOUND');
    expect(await admin.read(code)).toEqual(code);
  });

  it('that raises the limit activates a code that the limit ended', async () => {
    const code = await admin.create({ max_uses: 2 });
    await admin.setUsage(code, 2);
    expect(await admin.read(code)).toMatchObject({ status: 'expired', auto_deactivated_at: expect.any(String) });
    expect(answerOf(await admin.change(code, { max_uses: 3 }))).toMatchObject({
      status: 'active',
      auto_deactivated_at: null,
    });
  });

  it('that lowers the limit to the uses deactivates the code, which is published once', async () => {
    const code = await admin.create({ max_uses: 9 });
    await admin.setUsage(code, 4);
    const ended = answerOf(await admin.change(code, { max_uses: 4 }));
    expect(ended).toMatchObject({ status: 'expired', auto_deactivated_at: '2026-03-02T09:00:00Z' });
    await admin.change(code, { title: 'Over' });
    const published = (await harness.published(promoCodeDeactivated.type)).filter(
      ({ subject }) => subject === code.code_id,
    );
    expect(published.map(({ data }) => data)).toEqual([
      {
        code_id: code.code_id,
        code: code.code,
        reason: 'max_uses_reached',
        used: 4,
        max_uses: 4,
        deactivated_at: '2026-03-02T09:00:00Z',
      },
    ]);
  });

  it('of the limit leaves the status of a paused code, and of a code without auto-deactivation', async () => {
    const paused = await admin.create({ max_uses: 2 });
    await admin.setUsage(paused, 2);
    await admin.changeStatus(paused, 'pause');
    expect(answerOf(await admin.change(paused, { max_uses: 5 }))).toMatchObject({ status: 'paused' });
    const endless = await admin.create({ max_uses: 2, auto_deactivate_on_max_uses: false });
    await admin.setUsage(endless, 2);
    expect(answerOf(await admin.change(endless, { title: 'Full' }))).toMatchObject({
      status: 'active',
      auto_deactivated_at: null,
    });
  });
});

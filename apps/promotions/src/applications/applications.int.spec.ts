import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { faultOf } from '#messaging/faults.js';
import { command } from '../../../../test/support/messages/messages.js';
import { answerOf, refusalOf } from '../../../../test/support/messages/replies.js';
import { digest, OutsideSystem } from '../../test/outside-system.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import { type CodeColumns, someCode } from '../../test/some-code.js';
import { violations } from '../../test/violations.js';
import { ApplyCodes } from './apply-codes.js';
import { ReadHeldCodes } from './read-held-codes.js';

let harness: PromotionsHarness;
let second: PromotionsHarness;
let system: OutsideSystem;
let person: string;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
  second = await PromotionsHarness.open(harness);
});
beforeEach(async () => {
  system = await OutsideSystem.open(harness);
  person = await system.personWith();
});
afterAll(async () => {
  expect(await violations(harness)).toEqual([]);
  await second[Symbol.asyncDispose]();
  await harness[Symbol.asyncDispose]();
});

const bonusCode = (columns: CodeColumns = {}) =>
  someCode(harness, { kind: 'bonus', amount_minor: 500, currency: 'EUR', ...columns });
const request = (promo_code: string, { by = person as string | null, of = person } = {}) =>
  command({ person_id: of, promo_code, visible_to: by });
const apply = async (promo_code: string, who?: { by?: string | null; of?: string }, instance = harness) => {
  const [reply] = await instance.get(ApplyCodes).execute([request(promo_code, who)]);
  return reply;
};
/**
 * As the service and its clients do: what lost against others, or found no connection in time, is asked again under its
 * id. That nothing was decided is said by an error, never by a refusal.
 */
const applyUntilDecided = async (asked: ReturnType<typeof request>, instance: PromotionsHarness) => {
  for (;;) {
    try {
      const [reply] = await instance.get(ApplyCodes).execute([asked]);
      return reply;
    } catch (error) {
      if (faultOf(error) === 'bug') throw error;
    }
  }
};
const list = (personId = person, paging = { page: 1, limit: 50 }) =>
  harness.get(ReadHeldCodes).page({ person_id: personId, ...paging });
const counters = async (codeId: string) => {
  const [row] = await harness.query<{ used: number; held: number; status: string }>(
    `select used, held, status from promo_code where id = $1`,
    [codeId],
  );
  return row;
};
const enlist = (codeId: string, personId = person) =>
  harness.query('insert into promo_code_person (code_id, person_id) values ($1, $2)', [codeId, personId]);

describe('taking a bonus code', () => {
  it('works in any case, once, and shows it as it stands', async () => {
    const code = await bonusCode({ code: 'Spring', title: 'Spring bonus' });
    const first = answerOf(await apply(' spring '));
    expect(first).toMatchObject({
      code_id: code.id,
      code: 'Spring',
      title: 'Spring bonus',
      amount_minor: 500,
      state: 'applied',
      applied_at: '2026-03-02T09:00:00Z',
      usable: true,
      refusal: null,
      uses: 0,
    });
    harness.clock.moveBy({ minutes: 1 });
    expect(answerOf(await apply('SPRING'))).toEqual(first);
    expect((await list()).items).toEqual([first]);
  });

  it('leads to a bonus when an offer is completed', async () => {
    const code = await bonusCode();
    await apply(code.code);
    expect((await system.record(system.conversion(person))).map(digest)).toEqual([{ bonuses: [500], reasons: [] }]);
    expect((await list()).items).toEqual([expect.objectContaining({ state: 'applied', uses: 1 })]);
  });

  it('happens in its hours only, and says when they open next', async () => {
    const active_hours = { enabled: true, start_time: '20:00', end_time: '21:00', timezone: 'Asia/Kolkata' };
    const code = await bonusCode({ active_hours, audience: 'listed' });
    await enlist(code.id);
    const reply = await apply(code.code);
    expect(refusalOf(reply)).toBe('PROMO_CODE_OUTSIDE_HOURS');
    const [held] = (await list()).items;
    expect(held).toMatchObject({
      state: 'offered',
      applied_at: null,
      usable: false,
      refusal: 'PROMO_CODE_OUTSIDE_HOURS',
      next_opens_at: '2026-03-02T14:30:00Z',
    });
    harness.clock.moveTo('2026-03-02T15:30:30Z');
    expect(answerOf(await apply(code.code))).toMatchObject({ state: 'applied', closes_at: '2026-03-02T15:31:00Z' });
    // What was taken stands on that.
    harness.clock.moveTo('2026-03-02T16:00:00Z');
    expect((await list()).items[0]).toMatchObject({ state: 'applied', usable: true });
    harness.clock.moveTo('2026-03-02T09:00:00Z');
  });

  it('is refused to a stranger in one text for any reason, and leaves nothing behind', async () => {
    const codes = [
      await someCode(harness),
      await bonusCode({ status: 'paused' }),
      await bonusCode({ valid_until: '2026-03-02T09:00:00Z' }),
      await bonusCode({ audience: 'listed' }),
      await bonusCode({ counts_on: 'apply', max_uses: 0 }),
      { code: 'there-is-none' },
    ];
    const replies = await harness.get(ApplyCodes).execute(codes.map(({ code }) => request(code)));
    expect(replies.map(refusalOf)).toEqual(codes.map(() => 'PROMO_CODE_NOT_USABLE'));
    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
    expect(await harness.query('select from promo_application where person_id = $1', [person])).toEqual([]);
    const receipts = await harness.query<{ reason: string }>(
      `select reason from decision_receipt where person_id = $1 order by id`,
      [person],
    );
    expect(receipts.map(({ reason }) => reason)).toEqual([
      'PROMO_CODE_WRONG_KIND',
      'PROMO_CODE_NOT_ACTIVE',
      'PROMO_CODE_EXPIRED',
      'PROMO_CODE_WRONG_AUDIENCE',
      'PROMO_CODE_USED_UP',
      'PROMO_CODE_UNKNOWN',
    ]);
  });

  it('is refused to an admin, and to a person it is for, with the precise reason', async () => {
    const code = await bonusCode({ status: 'paused', audience: 'listed' });
    expect(refusalOf(await apply(code.code, { by: null }))).toBe('PROMO_CODE_NOT_ACTIVE');
    expect(refusalOf(await apply('there-is-none', { by: null }))).toBe('PROMO_CODE_UNKNOWN');
    expect(refusalOf(await apply(code.code))).toBe('PROMO_CODE_NOT_USABLE');
    await enlist(code.id);
    expect(refusalOf(await apply(code.code))).toBe('PROMO_CODE_NOT_ACTIVE');
  });

  it('that is for new persons is for those who have closed no order', async () => {
    const code = await bonusCode({ audience: 'new_persons' });
    expect(refusalOf(await apply(code.code))).toBeNull();
    const known = await system.personWith();
    await harness.query('update person set has_closed_order = true where id = $1', [known]);
    expect(refusalOf(await apply(code.code, { by: null, of: known }))).toBe('PROMO_CODE_WRONG_AUDIENCE');
  });

  it('gives a repeated command its first answer, a refusal too', async () => {
    const code = await bonusCode({ status: 'paused' });
    const asked = request(code.code);
    const [first] = await harness.get(ApplyCodes).execute([asked]);
    await harness.query(`update promo_code set status = 'active' where id = $1`, [code.id]);
    expect(refusalOf(first)).toBe('PROMO_CODE_NOT_USABLE');
    expect(await harness.get(ApplyCodes).execute([asked])).toEqual([{ ...first, firstAnsweredAt: expect.anything() }]);
    expect(refusalOf(await apply(code.code))).toBeNull();
  });
});

describe('a code that is counted when it is taken', () => {
  it('gives its last slots to exactly so many of the simultaneous requests, and to nobody twice', async () => {
    const code = await bonusCode({ counts_on: 'apply', max_uses: 3 });
    const persons = await system.persons(20);
    const replies = await Promise.all(
      [...persons, ...persons].map((of, index) =>
        applyUntilDecided(request(code.code, { of, by: null }), index % 2 ? harness : second),
      ),
    );
    const verdicts = replies.map(refusalOf);
    expect(verdicts.filter((verdict) => verdict === null)).toHaveLength(6);
    expect(new Set(verdicts)).toEqual(new Set([null, 'PROMO_CODE_USED_UP']));
    expect(await counters(code.id)).toEqual({ used: 0, held: 3, status: 'active' });
    expect(await harness.query('select from promo_application where code_id = $1', [code.id])).toHaveLength(3);
  });

  it('keeps the slot until it is converted, and can be taken again then', async () => {
    const code = await bonusCode({ counts_on: 'apply', max_uses: 2, max_uses_per_person: 2 });
    await apply(code.code);
    expect((await list()).items[0]).toMatchObject({ state: 'applied', usable: true, uses: 1 });
    const conversions = [system.conversion(person), system.conversion(person)];
    expect((await system.record(...conversions)).map(digest)).toEqual([
      { bonuses: [500], reasons: [] },
      { bonuses: [], reasons: [] },
    ]);
    expect((await list()).items[0]).toMatchObject({ state: 'spent', uses: 1 });
    harness.clock.moveBy({ minutes: 1 });
    expect(answerOf(await apply(code.code))).toMatchObject({
      state: 'applied',
      applied_at: harness.clock.now().toString(),
      uses: 2,
    });
    expect((await system.record(system.conversion(person))).map(digest)).toEqual([{ bonuses: [500], reasons: [] }]);
    expect(await counters(code.id)).toEqual({ used: 2, held: 0, status: 'expired' });
    expect(refusalOf(await apply(code.code))).toBe('PROMO_CODE_USED_UP');
  });

  it('converts in the end, although its last slots were redeemed by others before', async () => {
    const code = await bonusCode({ counts_on: 'apply', max_uses: 2 });
    const other = await system.personWith();
    await apply(code.code);
    await apply(code.code, { of: other, by: other });
    await system.record(system.conversion(other));
    expect((await system.record(system.conversion(person))).map(digest)).toEqual([{ bonuses: [500], reasons: [] }]);
    expect(await counters(code.id)).toEqual({ used: 2, held: 0, status: 'expired' });
  });
});

it('the codes of a person are listed newest first, then those that are there to take, page by page', async () => {
  const listed = await bonusCode({ audience: 'listed' });
  await bonusCode({ audience: 'listed' });
  await enlist(listed.id);
  const discount = await someCode(harness, { audience: 'listed' });
  await enlist(discount.id);
  const [old, young] = [await bonusCode({ offers_rule: 'some', offers: [system.offerId, 'gone'] }), await bonusCode()];
  await apply(old.code);
  harness.clock.moveBy({ minutes: 1 });
  await apply(young.code);
  const { items, total } = await list();
  expect(total).toBe(3);
  expect(items.map(({ code_id }) => code_id)).toEqual([young.id, old.id, listed.id]);
  expect(items[1]?.offers).toEqual([
    { offer_id: system.offerId, name: system.offerId },
    { offer_id: 'gone', name: null },
  ]);
  const second = await list(person, { page: 2, limit: 2 });
  expect([second.items.map(({ code_id }) => code_id), second.total]).toEqual([[listed.id], 3]);
  expect(await list(newId())).toMatchObject({ items: [], total: 0 });
});

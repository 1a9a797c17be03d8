import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { command } from '../../../../test/support/messages/messages.js';
import { answerOf, refusalOf } from '../../../../test/support/messages/replies.js';
import { CodeAdmin } from '../../test/code-admin.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import { ApplyCodes } from '../applications/apply-codes.js';
import { HoldCodes } from '../redemptions/holding/hold-codes.js';
import { ValidateCodes } from '../redemptions/validating/validate-codes.js';
import type { CodeView } from './code-view.js';
import { CreateCode } from './create-code.js';

let harness: PromotionsHarness;
let admin: CodeAdmin;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
  admin = new CodeAdmin(harness);
});
afterAll(() => harness[Symbol.asyncDispose]());

const create = async (code: string, body: object = {}) =>
  (await harness.get(CreateCode).execute([command(admin.requestOf({ code, ...body }))]))[0];

async function hold(codes: readonly string[], orderId = newId(), personId = newId()) {
  const request = { order_id: orderId, person_id: personId, offer_id: 'chess', codes: [...codes], currency: 'EUR' };
  return (await harness.get(HoldCodes).execute([command({ ...request, amount_minor: 1_000 })]))[0];
}

async function validate(code: string, personId = newId(), visibleTo: string | null = personId) {
  const request = { person_id: personId, codes: [code], offer_id: 'chess', visible_to: visibleTo };
  return answerOf((await harness.get(ValidateCodes).execute([command(request)]))[0]);
}

const apply = async (code: string, personId: string) =>
  (
    await harness.get(ApplyCodes).execute([command({ person_id: personId, promo_code: code, visible_to: personId })])
  )[0];
const heldIdsOf = (reply: Awaited<ReturnType<typeof hold>>) => answerOf(reply).holds.map(({ code_id: id }) => id);
const archive = async (code: CodeView) => answerOf(await admin.changeStatus(code, 'archive'));

describe('the text of a code', () => {
  it.each([
    ['SPRING-26', 'spring\u201326', 'SPR\u200bING\u201126', 'ｓｐｒｉｎｇ－２６'],
    ['İNDİRİM', 'indirim', 'ındırım', 'INDIRIM'],
    ['STRAẞE', 'straße', 'strasse', 'STRASSE'],
    ["MUM'S", 'mum\u2019s', 'MUM\u02bcS', 'mum`s'],
  ])('%s finds the code however it is typed, and is taken in each of these ways', async (code, ...typed) => {
    const { code_id: id } = await admin.create({ code });
    for (const text of typed) {
      expect(await validate(text)).toMatchObject({ usable: true, benefits: [{ code }] });
      expect(heldIdsOf(await hold([text]))).toEqual([id]);
      // A new code may not contain what nobody sees.
      expect(refusalOf(await create(text.replace('\u200b', '')))).toBe('PROMO_CODE_TAKEN');
    }
  });

  it('is free again once the code is archived, and then means the new code', async () => {
    const first = await admin.create({ code: 'AGAIN' });
    const orderId = newId();
    const personId = newId();
    expect(heldIdsOf(await hold(['again'], orderId, personId))).toEqual([first.code_id]);
    expect(refusalOf(await create('again'))).toBe('PROMO_CODE_TAKEN');
    await archive(first);
    expect(await validate('again')).toMatchObject({ usable: false, refusal: { code: 'PROMO_CODE_NOT_USABLE' } });
    const second = answerOf(await create('Again', { percent_bp: 2_000 }));
    expect(refusalOf(await create('AGAIN'))).toBe('PROMO_CODE_TAKEN');
    expect(await validate('again')).toMatchObject({ usable: true, benefits: [{ code: 'Again' }] });
    expect(heldIdsOf(await hold(['again']))).toEqual([second.code_id]);
    // A repeat for the order finds the hold that it has.
    expect(heldIdsOf(await hold(['again'], orderId, personId))).toEqual([first.code_id]);
    expect(await Promise.all([first, second].map((code) => admin.read(code)))).toMatchObject([
      { status: 'archived', held_count: 1 },
      { status: 'active', held_count: 1 },
    ]);
  });

  it('of several archived codes means the newest, whose holders receive the precise reason', async () => {
    const person = newId();
    const older = answerOf(await create('OLD', { audience: 'listed', persons: [person] }));
    await archive(older);
    expect(await validate('old', person)).toMatchObject({ refusal: { code: 'PROMO_CODE_NOT_ACTIVE' } });
    const newer = answerOf(await create('OLD'));
    await archive(newer);
    expect(await validate('old', person)).toMatchObject({ refusal: { code: 'PROMO_CODE_NOT_USABLE' } });
    expect(await validate('old', person, null)).toMatchObject({ refusal: { code: 'PROMO_CODE_NOT_ACTIVE' } });
    const live = answerOf(await create('OLD'));
    expect(heldIdsOf(await hold(['OLD']))).toEqual([live.code_id]);
  });

  it('of an archived bonus code that a person applied lets the person apply the new one', async () => {
    const person = newId();
    const bonus = { kind: 'bonus', percent_bp: 1_000 };
    const first = answerOf(await create('BONUS', bonus));
    expect(refusalOf(await apply('bonus', person))).toBeNull();
    await archive(first);
    const second = answerOf(await create('bonus', bonus));
    expect(answerOf(await apply('BONUS', person))).toMatchObject({ code_id: second.code_id });
    const rows = await harness.query('select code_id from promo_application where person_id = $1', [person]);
    expect(rows).toHaveLength(2);
  });

  it('of archived bonus codes means the newest, also for a person who applied an older one', async () => {
    const person = newId();
    const bonus = { kind: 'bonus', percent_bp: 1_000, counts_on: 'apply' };
    const older = answerOf(await create('SLOT', bonus));
    expect(refusalOf(await apply('slot', person))).toBeNull();
    await archive(older);
    expect(await validate('slot', person)).toMatchObject({ usable: true });
    await archive(answerOf(await create('SLOT', bonus)));
    expect(await validate('slot', person)).toMatchObject({ usable: false });
    answerOf(await create('SLOT', bonus));
    expect(await validate('slot', person)).toMatchObject({ usable: true });
  });

  it('belongs to one of many who want it while it becomes free', async () => {
    await using other = await PromotionsHarness.open(harness);
    const first = await admin.create({ code: 'RACE' });
    const wanted = Array.from({ length: 12 }, (_, index) =>
      (index % 2 ? other : harness).get(CreateCode).execute([command(admin.requestOf({ code: 'race' }))]),
    );
    const [, ...replies] = await Promise.all([archive(first), ...wanted]);
    const created = replies.flat().filter((reply) => refusalOf(reply) === null);
    expect(created.length).toBeLessThanOrEqual(1);
    const live = await harness.query(`select from promo_code where folded = 'RACE' and status <> 'archived'`);
    expect(live).toHaveLength(created.length);
    expect(await harness.query(`select from promo_code where folded = 'RACE' and status = 'archived'`)).toHaveLength(1);
  });
});

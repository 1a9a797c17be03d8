import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { promoCodeBody } from '#contracts/promotions/promo-code-terms.js';
import { newId } from '#kernel/ids.js';
import { command } from '../../../../test/support/messages/messages.js';
import { answerOf, refusalOf } from '../../../../test/support/messages/replies.js';
import { CodeAdmin, type CodeBody } from '../../test/code-admin.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import { CreateCode } from './create-code.js';
import { ReadCodes } from './read-codes.js';

let harness: PromotionsHarness;
let admin: CodeAdmin;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
  admin = new CodeAdmin(harness);
});
afterAll(() => harness[Symbol.asyncDispose]());

describe('a new code', () => {
  it('is stored as it was written, with defaults for the rest', async () => {
    const code = await admin.create({ code: ' Früh-2026 ' });
    expect(code).toEqual({
      remaining: null,
      remaining_minor: null,
      as_of: '2026-03-02T09:00:00Z',
      open: true,
      next_opens_at: null,
      closes_at: null,
      code_id: expect.any(String),
      code: 'Früh-2026',
      title: '',
      owner_id: null,
      batch_id: null,
      kind: 'discount',
      percent_bp: 1_000,
      amount_minor: null,
      cap_minor: null,
      minimum_minor: null,
      currency: null,
      valid_from: null,
      valid_until: null,
      active_hours: { enabled: false, start_time: '00:00', end_time: '23:59', timezone: 'UTC' },
      days: null,
      max_uses: null,
      max_uses_per_person: null,
      max_uses_per_offer: null,
      budget_minor: null,
      offers_rule: 'all',
      offers: [],
      audience: 'everyone',
      stacking: 'exclusive',
      precedence: 0,
      auto_deactivate_on_max_uses: true,
      counts_on: 'conversion',
      hold_hours: null,
      hold_past_validity: false,
      give_back: { cancel: true, refund: true, fraud: false, chargeback: false },
      status: 'active',
      auto_deactivated_at: null,
      usage_count: 0,
      held_count: 0,
      given_minor: 0,
      held_minor: 0,
      version: 1,
      first_used_at: null,
      created_at: '2026-03-02T09:00:00Z',
      created_by: 'ravi',
      updated_at: '2026-03-02T09:00:00Z',
    });
    expect(await admin.read(code)).toEqual(code);
  });

  it('is returned with all its terms', async () => {
    const terms = {
      title: 'For early birds',
      owner_id: 'publisher-7',
      kind: 'bonus' as const,
      percent_bp: 1_250,
      cap_minor: 5_000,
      minimum_minor: 10_000,
      currency: 'EUR',
      valid_from: '2026-03-01T00:00:00.000001Z',
      valid_until: '2026-12-31T22:59:59.999999Z',
      active_hours: { enabled: true, start_time: '22:00', end_time: '02:00', timezone: 'America/New_York' },
      days: [5, 6],
      max_uses: 1_000_000_000_000,
      max_uses_per_person: 2,
      max_uses_per_offer: 3,
      budget_minor: 1_000_000,
      offers_rule: 'some' as const,
      offers: ['class-1', 'an offer; with, "signs"'],
      audience: 'listed' as const,
      stacking: 'combinable' as const,
      precedence: -7,
      auto_deactivate_on_max_uses: false,
      counts_on: 'apply' as const,
      give_back: { cancel: false, refund: false, fraud: true, chargeback: true },
      status: 'draft' as const,
    };
    const persons = [newId(), newId()];
    const code = await admin.create({ ...terms, persons });
    expect(code).toMatchObject(terms);
    expect(await admin.read(code)).toEqual(code);
    const listed = await harness.get(ReadCodes).persons({ code_id: code.code_id, page: 1, limit: 10 });
    expect(listed).toMatchObject({ items: persons.sort().map((person_id) => ({ person_id })), total: 2 });
  });

  it('lists a class in lower case and other offers as their systems write them', async () => {
    const [first, other] = [newId(), newId()];
    const code = await admin.create({ offers_rule: 'all_but', offers: [` ${first.toUpperCase()}`, 'Shop-A '] });
    expect(code.offers).toEqual([first, 'Shop-A']);
    const changed = answerOf(await admin.change(code, { offers: [other.toUpperCase()] }));
    expect(changed).toMatchObject({ offers: [other], version: 2 });
    expect(answerOf(await admin.change(code, { offers: [other.toUpperCase()] }))).toEqual(changed);
    expect(await admin.read(code)).toEqual(changed);
  });

  it.each(['SUMMER26', 'summer26', ' Summer26 ', 'ＳＵＭＭＥＲ２６'])(
    'cannot be %s when there is Summer26',
    async (code) => {
      if ((await harness.get(ReadCodes).list({ search: 'summer26', page: 1, limit: 1 })).total === 0) {
        await admin.create({ code: 'Summer26' });
      }
      const [reply] = await harness.get(CreateCode).execute([command(admin.requestOf({ code }))]);
      expect(refusalOf(reply)).toBe('PROMO_CODE_TAKEN');
    },
  );

  it('is created once by many requests at the same time', async () => {
    await using other = await PromotionsHarness.open(harness);
    const replies = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        (index % 2 ? harness : other)
          .get(CreateCode)
          .execute([
            command(admin.requestOf({ code: index % 3 ? 'RACE-code' : 'race-CODE' })),
            command(admin.requestOf()),
          ]),
      ),
    );
    expect(replies.filter(([raced]) => refusalOf(raced) === null)).toHaveLength(1);
    expect(replies.filter(([, alone]) => refusalOf(alone) === null)).toHaveLength(16);
  });

  it('is not created again by a repeated command', async () => {
    const ask = command(admin.requestOf());
    const [first] = await harness.get(CreateCode).execute([ask]);
    const [again] = await harness.get(CreateCode).execute([ask]);
    expect(again).toMatchObject(first ?? {});
  });

  it.each<[Partial<CodeBody>, string, string]>([
    [{ percent_bp: 500, amount_minor: 500, currency: 'EUR' }, 'PROMO_CODE_INVALID', 'amount_minor'],
    [{ percent_bp: null }, 'PROMO_CODE_INVALID', 'percent_bp'],
    [{ amount_minor: 500 }, 'PROMO_CODE_INVALID', 'currency'],
    [{ budget_minor: 500 }, 'PROMO_CODE_INVALID', 'currency'],
    [{ amount_minor: 500, currency: 'EUR', cap_minor: 100 }, 'PROMO_CODE_INVALID', 'cap_minor'],
    [{ currency: 'ZZZ' }, 'CURRENCY_UNKNOWN', 'currency'],
    [{ valid_from: '2026-05-01T00:00:00Z', valid_until: '2026-05-01T00:00:00Z' }, 'DATES_REVERSED', 'valid_until'],
    [{ days: [1, 1] }, 'PROMO_CODE_INVALID', 'days'],
    [{ offers_rule: 'some' }, 'PROMO_CODE_INVALID', 'offers'],
    [{ offers: ['a'] }, 'PROMO_CODE_INVALID', 'offers_rule'],
    [{ persons: [newId()] }, 'PROMO_CODE_INVALID', 'persons'],
    [{ kind: 'bonus', hold_hours: 5 }, 'PROMO_CODE_INVALID', 'hold_hours'],
    [{ active_hours: { start_time: '12:00', end_time: '12:00' } }, 'ACTIVE_HOURS_INVALID', 'active_hours.end_time'],
    [{ active_hours: { start_time: '24:30' } }, 'ACTIVE_HOURS_INVALID', 'active_hours.start_time'],
    [{ active_hours: { start_time: '6:0' } }, 'ACTIVE_HOURS_INVALID', 'active_hours.start_time'],
    [{ active_hours: { timezone: 'IST' } }, 'TIME_ZONE_UNKNOWN', 'active_hours.timezone'],
    [{ active_hours: { timezone: 'Mars/Phobos' } }, 'TIME_ZONE_UNKNOWN', 'active_hours.timezone'],
    // One character, which folds to four words.
    [{ code: 'A\u{fdfa}' }, 'PROMO_CODE_INVALID', 'code'],
  ])('is refused with %j: %s at %s', async (body, code, field) => {
    const [reply] = await harness.get(CreateCode).execute([command(admin.requestOf(body))]);
    expect(reply).toEqual({ refusal: expect.objectContaining({ code, details: expect.objectContaining({ field }) }) });
  });

  it.each([
    ['of the year 0', '0000-01-01T00:00:00Z'],
    ['of years with more digits', '9999-12-31T23:59:59Z'],
    ['finer than is kept', '2026-03-01T00:00:00.0000001Z'],
    ['without a zone', '2026-03-01T00:00:00'],
  ])('accepts no instant %s', (_, valid_until) => {
    expect(promoCodeBody.safeParse({ code: 'X', kind: 'discount', valid_until }).success).toBe(false);
  });
});

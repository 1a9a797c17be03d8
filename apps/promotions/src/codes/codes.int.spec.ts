import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { promoCodeBody } from '#contracts/promo-code-terms.js';
import { promoCodeDeactivated } from '#contracts/promo-uses.js';
import { newId } from '#kernel/ids.js';
import { command } from '../../../../test/support/messages/messages.js';
import { answerOf, refusalOf } from '../../../../test/support/messages/replies.js';
import { PromotionsHarness } from '../../test/harness.js';
import { ChangeCode } from './change-code.js';
import type { CodeView } from './code-wire.js';
import { CreateCode } from './create-code.js';
import { MoveCodeStatus } from './move-code-status.js';
import { ReadPublisherCodes } from './publisher/read-publisher-codes.js';
import { ReadCodes } from './read-codes.js';
import { ExpireCodes } from './sweeps/expire-codes.js';

type Body = z.input<typeof promoCodeBody>;

let harness: PromotionsHarness;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
});
afterAll(() => harness[Symbol.asyncDispose]());

let made = 0;
const unique = () => `Code-${++made}`;

function wanted(body: Partial<Body> = {}) {
  const whole = { code: unique(), kind: 'discount' as const, ...body };
  const benefit = whole.amount_minor === undefined ? { percent_bp: 1_000 } : {};
  return { ...promoCodeBody.parse({ ...benefit, ...whole }), created_by: 'ravi' };
}

async function make(body: Partial<Body> = {}): Promise<CodeView> {
  return answerOf((await harness.get(CreateCode).execute([command(wanted(body))]))[0]);
}

type Change = Omit<Parameters<ChangeCode['execute']>[0][number]['data'], 'code_id' | 'changed_by'>;

async function change(code: CodeView, changes: Change, by = 'meera') {
  const data = { code_id: code.code_id, changed_by: by, ...changes };
  return (await harness.get(ChangeCode).execute([command(data)]))[0];
}

async function move(code: CodeView, move: 'enable' | 'disable' | 'archive') {
  const data = { code_id: code.code_id, move, changed_by: 'meera' };
  return (await harness.get(MoveCodeStatus).execute([command(data)]))[0];
}

/** As if uses had been made of it. */
function use(code: CodeView, used: number, held = 0) {
  return harness.query(
    `update promo_code set used = $2, held = $3, first_used_at = now(),
       status = case when used + $2 >= max_uses and auto_deactivate_on_max_uses then 'expired' else status end,
       auto_deactivated_at = case when used + $2 >= max_uses and auto_deactivate_on_max_uses then now() end
     where id = $1`,
    [code.code_id, used, held],
  );
}

const read = (code: CodeView) => harness.get(ReadCodes).one(code.code_id);

describe('a new code', () => {
  it('is kept as it was written, with the defaults for what was not said', async () => {
    const code = await make({ code: ' Früh-2026 ' });
    expect(code).toEqual({
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
    expect(await read(code)).toEqual(code);
  });

  it('comes back with every term that was given', async () => {
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
    const code = await make({ ...terms, persons });
    expect(code).toMatchObject(terms);
    expect(await read(code)).toEqual(code);
    const listed = await harness.get(ReadCodes).persons({ code_id: code.code_id, page: 1, limit: 10 });
    expect(listed).toMatchObject({ items: persons.sort().map((person_id) => ({ person_id })), total: 2 });
  });

  it('names a class in lower case, however it is written, and other offers as their systems do', async () => {
    const [first, other] = [newId(), newId()];
    const code = await make({ offers_rule: 'all_but', offers: [` ${first.toUpperCase()}`, 'Shop-A '] });
    expect(code.offers).toEqual([first, 'Shop-A']);
    const changed = answerOf(await change(code, { offers: [other.toUpperCase()] }));
    expect(changed).toMatchObject({ offers: [other], version: 2 });
    expect(answerOf(await change(code, { offers: [other.toUpperCase()] }))).toEqual(changed);
    expect(await read(code)).toEqual(changed);
  });

  it.each(['SUMMER26', 'summer26', ' Summer26 ', 'ＳＵＭＭＥＲ２６'])(
    'cannot be %s when there is Summer26',
    async (code) => {
      if ((await harness.get(ReadCodes).list({ search: 'summer26', page: 1, limit: 1 })).total === 0) {
        await make({ code: 'Summer26' });
      }
      const [reply] = await harness.get(CreateCode).execute([command(wanted({ code }))]);
      expect(refusalOf(reply)).toBe('PROMO_CODE_TAKEN');
    },
  );

  it('is made once, whoever of many is first', async () => {
    await using other = await PromotionsHarness.open(harness);
    const replies = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        (index % 2 ? harness : other)
          .get(CreateCode)
          .execute([command(wanted({ code: index % 3 ? 'RACE-code' : 'race-CODE' })), command(wanted())]),
      ),
    );
    expect(replies.filter(([raced]) => refusalOf(raced) === null)).toHaveLength(1);
    expect(replies.filter(([, alone]) => refusalOf(alone) === null)).toHaveLength(16);
  });

  it('is not made again by the same command', async () => {
    const ask = command(wanted());
    const [first] = await harness.get(CreateCode).execute([ask]);
    const [again] = await harness.get(CreateCode).execute([ask]);
    expect(again).toEqual(first);
  });

  it.each<[Partial<Body>, string, string]>([
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
    [{ active_hours: { start_time: '12:00', end_time: '12:00' } }, 'ACTIVE_HOURS_INVALID', 'active_hours.end_time'],
    [{ active_hours: { start_time: '24:30' } }, 'ACTIVE_HOURS_INVALID', 'active_hours.start_time'],
    [{ active_hours: { start_time: '6:0' } }, 'ACTIVE_HOURS_INVALID', 'active_hours.start_time'],
    [{ active_hours: { timezone: 'IST' } }, 'TIME_ZONE_UNKNOWN', 'active_hours.timezone'],
    [{ active_hours: { timezone: 'Mars/Phobos' } }, 'TIME_ZONE_UNKNOWN', 'active_hours.timezone'],
    // One sign on its own, and four words to whoever folds it.
    [{ code: 'A\u{fdfa}' }, 'PROMO_CODE_INVALID', 'code'],
  ])('is refused with %j: %s at %s', async (body, code, field) => {
    const [reply] = await harness.get(CreateCode).execute([command(wanted(body))]);
    expect(reply).toEqual({ refusal: expect.objectContaining({ code, details: expect.objectContaining({ field }) }) });
  });

  it.each([
    ['of the year 0', '0000-01-01T00:00:00Z'],
    ['of years with more digits', '9999-12-31T23:59:59Z'],
    ['finer than is kept', '2026-03-01T00:00:00.0000001Z'],
    ['without a zone', '2026-03-01T00:00:00'],
  ])('takes no instant %s', (_, valid_until) => {
    expect(promoCodeBody.safeParse({ code: 'X', kind: 'discount', valid_until }).success).toBe(false);
  });
});

describe('a change', () => {
  it('leaves what it does not name, within hours and reasons too', async () => {
    const code = await make({
      valid_from: '2026-03-01T00:00:00.123456Z',
      valid_until: '2026-10-25T00:30:00.000001Z',
      active_hours: { enabled: true, start_time: '06:00', end_time: '09:00', timezone: 'Asia/Kolkata' },
    });
    const changed = answerOf(await change(code, { active_hours: { end_time: '10:00' }, give_back: { fraud: true } }));
    expect(changed).toEqual({
      ...code,
      active_hours: { ...code.active_hours, end_time: '10:00' },
      give_back: { ...code.give_back, fraud: true },
      version: 2,
    });
    expect(await read(code)).toEqual(changed);
  });

  it('moves no instant, however often a code is saved as it was read', async () => {
    let code = await make({
      valid_from: '2026-03-29T01:30:00+01:00',
      valid_until: '2026-10-25T02:30:00.999999+02:00',
      active_hours: { enabled: true, start_time: '02:15', end_time: '02:45', timezone: 'Europe/Berlin' },
    });
    const instants = [code.valid_from, code.valid_until];
    expect(instants).toEqual(['2026-03-29T00:30:00Z', '2026-10-25T00:30:00.999999Z']);
    for (const title of ['once', 'twice', 'three times']) {
      const { valid_from, valid_until, active_hours } = code;
      code = answerOf(await change(code, { title, valid_from, valid_until, active_hours }));
    }
    expect([code.valid_from, code.valid_until]).toEqual(instants);
    const { items } = await harness.get(ReadCodes).changes({ code_id: code.code_id, page: 1, limit: 10 });
    expect(items.map(({ after }) => Object.keys(after))).toEqual([['title'], ['title'], ['title']]);
  });

  it('that changes nothing is none', async () => {
    const code = await make({ title: 'Same' });
    expect(answerOf(await change(code, { title: 'Same', max_uses: null }))).toEqual(code);
  });

  it('is noted: who, when, from what and to what', async () => {
    const persons = [newId()];
    const code = await make({ audience: 'listed', persons, max_uses: 5 });
    await change(code, { max_uses: 9, title: 'More' }, 'meera');
    await change(code, { audience: 'everyone' }, 'asha');
    await move(code, 'disable');
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

  it('of what others changed meanwhile is refused to who names the version that they saw', async () => {
    const code = await make();
    const replies = await Promise.all([
      change(code, { title: 'one', version: 1 }),
      change(code, { title: 'other', version: 1 }),
    ]);
    expect(replies.map(refusalOf).sort()).toEqual(['PROMO_CODE_CHANGED', null]);
    expect((await read(code)).version).toBe(2);
  });

  it.each<[string, Change, string | null]>([
    ['kind', { kind: 'bonus' }, 'PROMO_CODE_IN_USE'],
    ['currency', { currency: 'USD' }, 'PROMO_CODE_IN_USE'],
    ['limit below its uses', { max_uses: 2 }, 'PROMO_CODE_LIMIT_BELOW_USES'],
    ['limit at its uses', { max_uses: 3 }, null],
    ['benefit', { amount_minor: 700 }, null],
  ])('of a used code may be refused: its %s', async (_, changes, refusal) => {
    const code = await make({ amount_minor: 500, currency: 'EUR', max_uses: 10 });
    await use(code, 2, 1);
    expect(refusalOf(await change(code, changes))).toBe(refusal);
  });

  it('of kind and currency is free while nobody used it', async () => {
    const code = await make({ amount_minor: 500, currency: 'EUR' });
    expect(answerOf(await change(code, { kind: 'bonus', currency: 'USD' }))).toMatchObject({
      kind: 'bonus',
      currency: 'USD',
    });
  });

  it('is checked like a new code', async () => {
    const code = await make({ active_hours: { enabled: true, start_time: '06:00', end_time: '09:00' } });
    expect(refusalOf(await change(code, { active_hours: { end_time: '06:00' } }))).toBe('ACTIVE_HOURS_INVALID');
    expect(refusalOf(await change(code, { budget_minor: 100 }))).toBe('PROMO_CODE_INVALID');
    expect(refusalOf(await change({ ...code, code_id: newId() }, { title: 'x' }))).toBe('PROMO_CODE_NOT_FOUND');
    expect(await read(code)).toEqual(code);
  });

  it('that raises the limit re-opens what the limit ended', async () => {
    const code = await make({ max_uses: 2 });
    await use(code, 2);
    expect(await read(code)).toMatchObject({ status: 'expired', auto_deactivated_at: expect.any(String) });
    expect(answerOf(await change(code, { max_uses: 3 }))).toMatchObject({
      status: 'active',
      auto_deactivated_at: null,
    });
  });

  it('that lowers the limit to the uses ends it, and that is told once', async () => {
    const code = await make({ max_uses: 9 });
    await use(code, 4);
    const ended = answerOf(await change(code, { max_uses: 4 }));
    expect(ended).toMatchObject({ status: 'expired', auto_deactivated_at: '2026-03-02T09:00:00Z' });
    await change(code, { title: 'Over' });
    const told = (await harness.published(promoCodeDeactivated.type)).filter(({ subject }) => subject === code.code_id);
    expect(told.map(({ data }) => data)).toEqual([
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

  it('of the limit leaves a code alone that is paused, or that no limit ends', async () => {
    const paused = await make({ max_uses: 2 });
    await use(paused, 2);
    await move(paused, 'disable');
    expect(answerOf(await change(paused, { max_uses: 5 }))).toMatchObject({ status: 'paused' });
    const endless = await make({ max_uses: 2, auto_deactivate_on_max_uses: false });
    await use(endless, 2);
    expect(answerOf(await change(endless, { title: 'Full' }))).toMatchObject({
      status: 'active',
      auto_deactivated_at: null,
    });
  });
});

describe('the status of a code', () => {
  it('goes from draft to active to paused and back, and ends archived', async () => {
    const code = await make({ status: 'draft' });
    const statuses: (string | null)[] = [];
    for (const step of ['enable', 'enable', 'disable', 'disable', 'enable', 'archive', 'archive'] as const) {
      statuses.push(answerOf(await move(code, step)).status);
    }
    expect(statuses).toEqual(['active', 'active', 'paused', 'paused', 'active', 'archived', 'archived']);
    expect((await read(code)).version).toBe(5);
    expect((await Promise.all([move(code, 'enable'), move(code, 'disable')])).map(refusalOf)).toEqual([
      'PROMO_CODE_STATUS_CONFLICT',
      'PROMO_CODE_STATUS_CONFLICT',
    ]);
    expect(refusalOf(await change(code, { title: 'x' }))).toBe('PROMO_CODE_STATUS_CONFLICT');
  });

  it('does not become active by hand when uses or time are over', async () => {
    const full = await make({ max_uses: 1 });
    await use(full, 1);
    expect(refusalOf(await move(full, 'enable'))).toBe('PROMO_CODE_STATUS_CONFLICT');
    const late = await make({ status: 'paused', valid_until: '2026-03-02T08:59:59Z' });
    expect(refusalOf(await move(late, 'enable'))).toBe('PROMO_CODE_STATUS_CONFLICT');
  });

  it('becomes expired when its time is over, and active when that is moved', async () => {
    const due = await make({ valid_until: '2026-03-02T09:00:00Z' });
    const paused = await make({ valid_until: '2026-03-02T09:00:00Z', status: 'paused' });
    const later = await make({ valid_until: '2026-03-02T09:00:00.000001Z' });
    await Promise.all([harness.get(ExpireCodes).execute(), harness.get(ExpireCodes).execute()]);
    const statuses = await Promise.all([due, paused, later].map(async (code) => (await read(code)).status));
    expect(statuses).toEqual(['expired', 'paused', 'active']);
    const { items } = await harness.get(ReadCodes).changes({ code_id: due.code_id, page: 1, limit: 10 });
    expect(items).toMatchObject([{ version: 2, changed_by: 'expire-codes', after: { status: 'expired' } }]);
    expect(answerOf(await change(due, { valid_until: '2026-04-01T00:00:00Z' }))).toMatchObject({
      status: 'active',
      valid_until: '2026-04-01T00:00:00Z',
    });
  });
});

describe('lists of codes', () => {
  let codes: CodeView[];

  beforeAll(async () => {
    codes = [];
    for (const [index, status] of (['active', 'paused', 'active', 'draft'] as const).entries()) {
      const kind = index % 2 ? 'bonus' : 'discount';
      codes.push(
        await make({ code: `Listed_${index}%`, title: `Nr ${index} of the Lists`, owner_id: 'lister', kind, status }),
      );
    }
    await move(codes[3] as CodeView, 'archive');
  });

  const list = async (filter: Partial<Parameters<ReadCodes['list']>[0]>) => {
    const { items, total } = await harness.get(ReadCodes).list({ owner_id: 'lister', page: 1, limit: 10, ...filter });
    return [items.map(({ code }) => code), total];
  };

  it('begin with the newest and leave the archived out, unless they are asked for', async () => {
    expect(await list({})).toEqual([['Listed_2%', 'Listed_1%', 'Listed_0%'], 3]);
    expect(await list({ status: 'archived' })).toEqual([['Listed_3%'], 1]);
    expect(await list({ status: 'active' })).toEqual([['Listed_2%', 'Listed_0%'], 2]);
    expect(await list({ kind: 'bonus' })).toEqual([['Listed_1%'], 1]);
    expect(await list({ page: 2, limit: 2 })).toEqual([['Listed_0%'], 3]);
    expect(await list({ page: 9, limit: 2 })).toEqual([[], 3]);
  });

  it('find how a code begins in any case, and parts of titles', async () => {
    expect(await list({ search: 'lISTED_1' })).toEqual([['Listed_1%'], 1]);
    expect(await list({ search: '2 OF the' })).toEqual([['Listed_2%'], 1]);
    expect(await list({ search: '%' })).toEqual([[], 0]);
    expect(await list({ search: 'isted_' })).toEqual([[], 0]);
  });

  it('go on from where they stopped when they are exported', async () => {
    const pages: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<ReadCodes['export']>> = await harness
        .get(ReadCodes)
        .export({ owner_id: 'lister', after, limit: 2 });
      pages.push(...page.items.map(({ code }) => code));
      after = page.next;
    } while (after);
    expect(pages).toEqual(['Listed_0%', 'Listed_1%', 'Listed_2%']);
  });
});

describe('a publisher', () => {
  it('sees their own codes with what is left of them and when they work, and no others', async () => {
    await harness.query(
      `insert into offer (id, name, registered_at, changed_at) values ('out-1', 'Outside', now(), now())`,
    );
    const code = await make({
      owner_id: 'publisher-1',
      amount_minor: 500,
      currency: 'EUR',
      minimum_minor: 2_000,
      budget_minor: 10_000,
      max_uses: 10,
      offers_rule: 'some',
      offers: ['out-1', 'gone'],
      valid_until: '2026-03-03T01:00:00Z',
      active_hours: { enabled: true, start_time: '06:00', end_time: '09:00', timezone: 'Asia/Kolkata' },
    });
    await use(code, 3, 2);
    const publishers = harness.get(ReadPublisherCodes);
    const seen = await publishers.one({ code_id: code.code_id, owned_by: 'publisher-1' });
    expect(seen).toMatchObject({
      benefit: '5.00 EUR, from 20.00 EUR on',
      hours: {
        as_of: '2026-03-02T09:00:00Z',
        open: false,
        local_time: '2026-03-02 14:30:00',
        next_opens_at: '2026-03-03T00:30:00Z',
        closes_at: null,
        seconds_to_opening: 55_800,
        seconds_to_closing: null,
      },
      uses: { used: 3, held: 2, max_uses: 10, remaining: 5 },
      money: { given_minor: 0, budget_minor: 10_000, remaining_minor: 10_000 },
      offers: {
        rule: 'some',
        offers: [
          { offer_id: 'out-1', name: 'Outside' },
          { offer_id: 'gone', name: null },
        ],
      },
    });
    expect((await publishers.list({ owned_by: 'publisher-1', page: 1, limit: 5 })).items).toEqual([seen]);
    await expect(publishers.one({ code_id: code.code_id, owned_by: 'publisher-2' })).rejects.toMatchObject({
      code: 'PROMO_CODE_NOT_FOUND',
    });
    const openings = harness.get(ReadCodes);
    await expect(openings.openings({ code_id: code.code_id, owned_by: 'publisher-2', days: 1 })).rejects.toMatchObject({
      code: 'PROMO_CODE_NOT_FOUND',
    });
  });

  it('can look 400 days ahead, at the days too on which the clocks change the hours', async () => {
    const code = await make({
      active_hours: { enabled: true, start_time: '02:15', end_time: '02:45', timezone: 'America/New_York' },
    });
    const ahead = await harness.get(ReadCodes).openings({ code_id: code.code_id, owned_by: null, days: 400 });
    expect(ahead.openings).toHaveLength(400);
    expect(ahead.openings[0]).toMatchObject({ day: '2026-03-02', mark: 'regular' });
    expect(ahead.openings.filter(({ mark }) => mark !== 'regular')).toEqual([
      { day: '2026-03-08', mark: 'missing', seconds: 0, intervals: [] },
      { day: '2027-03-14', mark: 'missing', seconds: 0, intervals: [] },
    ]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { activeHoursDefault } from '../../codes/domain/active-hours.js';
import { type CodeRules, evaluateRules, type RuleInput } from './code-rules.js';

const at = Temporal.Instant.from('2026-03-02T09:00:00Z');

const rules: CodeRules = {
  id: '0198c0de-0000-7000-8000-000000000001',
  code: 'Spring-10',
  version: 1,
  status: 'active',
  autoDeactivatedAt: null,
  ownerId: null,
  kind: 'discount',
  percentBp: 1_000,
  amountMinor: null,
  capMinor: null,
  minimumMinor: null,
  currency: null,
  validFrom: null,
  validUntil: null,
  activeHours: activeHoursDefault,
  days: null,
  maxUses: null,
  maxUsesPerPerson: null,
  maxUsesPerOffer: null,
  budgetMinor: null,
  offersRule: 'all',
  offers: [],
  audience: 'everyone',
  stacking: 'exclusive',
  precedence: 0,
  countsOn: 'conversion',
  holdHours: null,
  holdPastValidity: false,
};

const circumstances: RuleInput = {
  stage: 'hold',
  at,
  offerId: 'chess',
  amountMinor: 5_000,
  currency: 'EUR',
  isListed: false,
  isNew: false,
  hasSlot: false,
};

const ineligibilityOf = (codes: Partial<CodeRules>, around: Partial<RuleInput> = {}) =>
  evaluateRules({ ...rules, ...codes }, { ...circumstances, ...around }).ineligibility;

const fixed = { percentBp: null, amountMinor: 500, currency: 'EUR' };
const mornings = { enabled: true, start_time: '06:00', end_time: '08:00', timezone: 'UTC' };

describe('the rules of a code', () => {
  it('allow a redemption that none of them refuses, and record what each of them compared', () => {
    const { ineligibility, trace, hours } = evaluateRules(rules, circumstances);
    expect(ineligibility).toBeNull();
    expect(trace.map(({ rule, ok }) => [rule, ok])).toEqual(
      ['kind', 'status', 'validity', 'hours', 'audience', 'offer', 'currency', 'minimum'].map((rule) => [rule, true]),
    );
    expect(hours).toMatchObject({ localTime: '2026-03-02 09:00:00', timezone: 'UTC' });
  });

  it.each<[string, Partial<CodeRules>, Partial<RuleInput>, string | null]>([
    ['a bonus code on an order', { kind: 'bonus' }, {}, 'PROMO_CODE_WRONG_KIND'],
    ['a discount code that a person applies', {}, { stage: 'apply' }, 'PROMO_CODE_WRONG_KIND'],
    ['a look at a bonus code', { kind: 'bonus' }, { stage: 'look' }, null],
    ['a draft', { status: 'draft' }, {}, 'PROMO_CODE_NOT_ACTIVE'],
    ['a paused code', { status: 'paused' }, {}, 'PROMO_CODE_NOT_ACTIVE'],
    ['an archived code', { status: 'archived' }, {}, 'PROMO_CODE_NOT_ACTIVE'],
    ['a code whose last slot is redeemed', { status: 'expired', autoDeactivatedAt: at }, {}, 'PROMO_CODE_USED_UP'],
    ['a code that a sweep expired', { status: 'expired' }, {}, 'PROMO_CODE_EXPIRED'],
    ['the instant before its start', { validFrom: at.add({ nanoseconds: 1_000 }) }, {}, 'PROMO_CODE_NOT_STARTED'],
    ['the instant of its start', { validFrom: at }, {}, null],
    ['the instant of its end', { validUntil: at }, {}, 'PROMO_CODE_EXPIRED'],
    ['the instant before its end', { validUntil: at.add({ nanoseconds: 1_000 }) }, {}, null],
    ['an hour outside of its own', { activeHours: mornings }, {}, 'PROMO_CODE_OUTSIDE_HOURS'],
    ['a person who is not listed', { audience: 'listed' }, {}, 'PROMO_CODE_WRONG_AUDIENCE'],
    ['a listed person', { audience: 'listed' }, { isListed: true }, null],
    ['a person who is not new', { audience: 'new_persons' }, {}, 'PROMO_CODE_WRONG_AUDIENCE'],
    ['a new person', { audience: 'new_persons' }, { isNew: true }, null],
    ['an offer it does not name', { offersRule: 'some', offers: ['go'] }, {}, 'PROMO_CODE_WRONG_OFFER'],
    ['an offer it names', { offersRule: 'some', offers: ['go', 'chess'] }, {}, null],
    ['an offer it excludes', { offersRule: 'all_but', offers: ['chess'] }, {}, 'PROMO_CODE_WRONG_OFFER'],
    ['a request without an offer', { offersRule: 'some', offers: ['go'] }, { offerId: null }, null],
    ['another currency', { currency: 'USD' }, {}, 'PROMO_CODE_WRONG_CURRENCY'],
    ['an amount below its minimum', { currency: 'EUR', minimumMinor: 5_001 }, {}, 'PROMO_CODE_BELOW_MINIMUM'],
    ['exactly its minimum', { currency: 'EUR', minimumMinor: 5_000 }, {}, null],
    ['a price whose share rounds to zero', {}, { amountMinor: 4 }, 'PROMO_CODE_BELOW_MINIMUM'],
    ['the least price whose share is above zero', {}, { amountMinor: 5 }, null],
    ['a fixed discount from a price of zero', fixed, { amountMinor: 0 }, 'PROMO_CODE_BELOW_MINIMUM'],
    ['a fixed bonus for a payout of zero', { kind: 'bonus', ...fixed }, { stage: 'convert', amountMinor: 0 }, null],
    ['a look with an amount of zero', { kind: 'bonus' }, { stage: 'look', amountMinor: 0 }, 'PROMO_CODE_BELOW_MINIMUM'],
  ])('on %s', (_, codes, around, code) => {
    expect(ineligibilityOf(codes, around)?.code ?? null).toBe(code);
  });

  it('name the next opening of the hours', () => {
    expect(ineligibilityOf({ activeHours: mornings })?.details).toEqual({
      local_time: '2026-03-02 09:00:00',
      timezone: 'UTC',
      next_opens_at: '2026-03-03T06:00:00Z',
    });
  });
});

describe('a conversion', () => {
  const converts = { stage: 'convert' } as const;

  it('relies on the check of hours and audience when the code was applied', () => {
    expect(ineligibilityOf({ kind: 'bonus', activeHours: mornings, audience: 'listed' }, converts)).toBeNull();
  });

  it('requires an amount whose share is above zero, or the minimum where that is more', () => {
    const least = (codes: Partial<CodeRules>, amountMinor: number) =>
      ineligibilityOf({ kind: 'bonus', ...codes }, { ...converts, amountMinor })?.details ?? null;
    expect([least({}, 0), least({}, 4), least({}, 5)]).toEqual([{ minimum_minor: 5 }, { minimum_minor: 5 }, null]);
    expect([least({ percentBp: 3 }, 1_666), least({ percentBp: 3 }, 1_667)]).toEqual([{ minimum_minor: 1_667 }, null]);
    expect(least({ currency: 'EUR', minimumMinor: 6 }, 5)).toEqual({ minimum_minor: 6 });
  });

  it('redeems the slot that is held for it, also after the code was paused, archived or expired', () => {
    for (const status of ['paused', 'archived', 'expired'] as const) {
      expect(ineligibilityOf({ kind: 'bonus', status }, { ...converts, hasSlot: true })).toBeNull();
    }
  });

  it('is evaluated for the instant at which it happened, also after a sweep expired the code', () => {
    const ended = { kind: 'bonus', validUntil: at } as const;
    const before = { ...converts, at: at.subtract({ minutes: 1 }) };
    for (const status of ['active', 'expired'] as const) {
      expect(ineligibilityOf({ ...ended, status }, before)).toBeNull();
      expect(ineligibilityOf({ ...ended, status }, converts)?.code).toBe('PROMO_CODE_EXPIRED');
    }
  });
});

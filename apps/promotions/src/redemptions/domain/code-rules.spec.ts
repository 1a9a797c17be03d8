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

const objectionTo = (codes: Partial<CodeRules>, around: Partial<RuleInput> = {}) =>
  evaluateRules({ ...rules, ...codes }, { ...circumstances, ...around }).ineligibility;

const fixed = { percentBp: null, amountMinor: 500, currency: 'EUR' };
const mornings = { enabled: true, start_time: '06:00', end_time: '08:00', timezone: 'UTC' };

describe('the rules of a code', () => {
  it('let pass what none of them objects to, and tell what each of them saw', () => {
    const { ineligibility, trace, hours } = evaluateRules(rules, circumstances);
    expect(ineligibility).toBeNull();
    expect(trace.map(({ rule, ok }) => [rule, ok])).toEqual(
      ['kind', 'status', 'validity', 'hours', 'audience', 'offer', 'currency', 'minimum'].map((rule) => [rule, true]),
    );
    expect(hours).toMatchObject({ localTime: '2026-03-02 09:00:00', timezone: 'UTC' });
  });

  it.each<[string, Partial<CodeRules>, Partial<RuleInput>, string | null]>([
    ['a bonus code on an order', { kind: 'bonus' }, {}, 'PROMO_CODE_WRONG_KIND'],
    ['a discount code that is to be taken', {}, { stage: 'apply' }, 'PROMO_CODE_WRONG_KIND'],
    ['a look at a bonus code', { kind: 'bonus' }, { stage: 'look' }, null],
    ['a draft', { status: 'draft' }, {}, 'PROMO_CODE_NOT_ACTIVE'],
    ['a paused code', { status: 'paused' }, {}, 'PROMO_CODE_NOT_ACTIVE'],
    ['an archived code', { status: 'archived' }, {}, 'PROMO_CODE_NOT_ACTIVE'],
    ['a code whose last use is taken', { status: 'expired', autoDeactivatedAt: at }, {}, 'PROMO_CODE_USED_UP'],
    ['a code that was tidied', { status: 'expired' }, {}, 'PROMO_CODE_EXPIRED'],
    ['the instant before its start', { validFrom: at.add({ nanoseconds: 1_000 }) }, {}, 'PROMO_CODE_NOT_STARTED'],
    ['the instant of its start', { validFrom: at }, {}, null],
    ['the instant of its end', { validUntil: at }, {}, 'PROMO_CODE_EXPIRED'],
    ['the instant before its end', { validUntil: at.add({ nanoseconds: 1_000 }) }, {}, null],
    ['an hour outside of its own', { activeHours: mornings }, {}, 'PROMO_CODE_OUTSIDE_HOURS'],
    ['a person whom it does not list', { audience: 'listed' }, {}, 'PROMO_CODE_WRONG_AUDIENCE'],
    ['a person whom it lists', { audience: 'listed' }, { isListed: true }, null],
    ['a person who is not new', { audience: 'new_persons' }, {}, 'PROMO_CODE_WRONG_AUDIENCE'],
    ['a new person', { audience: 'new_persons' }, { isNew: true }, null],
    ['an offer it does not name', { offersRule: 'some', offers: ['go'] }, {}, 'PROMO_CODE_WRONG_OFFER'],
    ['an offer it names', { offersRule: 'some', offers: ['go', 'chess'] }, {}, null],
    ['an offer it leaves out', { offersRule: 'all_but', offers: ['chess'] }, {}, 'PROMO_CODE_WRONG_OFFER'],
    ['no offer in mind', { offersRule: 'some', offers: ['go'] }, { offerId: null }, null],
    ['another currency', { currency: 'USD' }, {}, 'PROMO_CODE_WRONG_CURRENCY'],
    ['an amount below its minimum', { currency: 'EUR', minimumMinor: 5_001 }, {}, 'PROMO_CODE_BELOW_MINIMUM'],
    ['just its minimum', { currency: 'EUR', minimumMinor: 5_000 }, {}, null],
    ['a price of which it redeemsHold no share', {}, { amountMinor: 4 }, 'PROMO_CODE_BELOW_MINIMUM'],
    ['the least price of which it takes a share', {}, { amountMinor: 5 }, null],
    ['a fixed discount from nothing', fixed, { amountMinor: 0 }, 'PROMO_CODE_BELOW_MINIMUM'],
    ['a fixed bonus for nothing', { kind: 'bonus', ...fixed }, { stage: 'convert', amountMinor: 0 }, null],
    ['a look at nothing to share', { kind: 'bonus' }, { stage: 'look', amountMinor: 0 }, 'PROMO_CODE_BELOW_MINIMUM'],
  ])('on %s', (_, codes, around, code) => {
    expect(objectionTo(codes, around)?.code ?? null).toBe(code);
  });

  it('say when the hours open again', () => {
    expect(objectionTo({ activeHours: mornings })?.details).toEqual({
      local_time: '2026-03-02 09:00:00',
      timezone: 'UTC',
      next_opens_at: '2026-03-03T06:00:00Z',
    });
  });
});

describe('a conversion', () => {
  const converts = { stage: 'convert' } as const;

  it('stands on what was decided about hours and audience when the code was taken', () => {
    expect(objectionTo({ kind: 'bonus', activeHours: mornings, audience: 'listed' }, converts)).toBeNull();
  });

  it('asks for an amount of which a share is left, or for the minimum where that is more', () => {
    const least = (codes: Partial<CodeRules>, amountMinor: number) =>
      objectionTo({ kind: 'bonus', ...codes }, { ...converts, amountMinor })?.details ?? null;
    expect([least({}, 0), least({}, 4), least({}, 5)]).toEqual([{ minimum_minor: 5 }, { minimum_minor: 5 }, null]);
    expect([least({ percentBp: 3 }, 1_666), least({ percentBp: 3 }, 1_667)]).toEqual([{ minimum_minor: 1_667 }, null]);
    expect(least({ currency: 'EUR', minimumMinor: 6 }, 5)).toEqual({ minimum_minor: 6 });
  });

  it('has the slot that was kept for it, whoever stopped the code since', () => {
    for (const status of ['paused', 'archived', 'expired'] as const) {
      expect(objectionTo({ kind: 'bonus', status }, { ...converts, hasSlot: true })).toBeNull();
    }
  });

  it('is decided by when it happened, whether or not the code was tidied since', () => {
    const ended = { kind: 'bonus', validUntil: at } as const;
    const before = { ...converts, at: at.subtract({ minutes: 1 }) };
    for (const status of ['active', 'expired'] as const) {
      expect(objectionTo({ ...ended, status }, before)).toBeNull();
      expect(objectionTo({ ...ended, status }, converts)?.code).toBe('PROMO_CODE_EXPIRED');
    }
  });
});

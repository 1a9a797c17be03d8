import { describe, expect, it } from '@jest/globals';
import type { PromoCode } from '../../../api/generated/operations.ts';
import { conflictsOf, mergedValues } from './merged-values.ts';
import { changeOf, differing, newValues, termsOf, valuesOf } from './values.ts';

const code: PromoCode = {
  code_id: '0198c0de-7a11-7c3e-8f00-3b5d1f6a0008',
  code: 'Spring-2026',
  title: 'Early birds of spring',
  owner_id: 'studio-kolkata',
  batch_id: null,
  kind: 'discount',
  percent_bp: 1_250,
  amount_minor: null,
  cap_minor: 50_000,
  minimum_minor: 100_000,
  currency: 'INR',
  valid_from: '2026-03-01T00:00:00Z',
  valid_until: null,
  active_hours: { enabled: true, start_time: '06:00', end_time: '09:00', timezone: 'Asia/Kolkata' },
  days: [1, 2, 3],
  max_uses: 500,
  max_uses_per_person: 1,
  max_uses_per_offer: null,
  budget_minor: 5_000_000,
  offers_rule: 'some',
  offers: ['shop-7'],
  audience: 'everyone',
  stacking: 'combinable',
  precedence: 0,
  auto_deactivate_on_max_uses: true,
  counts_on: 'conversion',
  hold_hours: 24,
  hold_past_validity: false,
  give_back: { cancel: true, refund: true, fraud: false, chargeback: false },
  status: 'active',
  auto_deactivated_at: null,
  usage_count: 212,
  held_count: 3,
  given_minor: 3_975_000,
  held_minor: 56_250,
  version: 3,
  first_used_at: null,
  created_at: '2026-02-20T10:00:00Z',
  created_by: 'ada',
  updated_at: '2026-02-27T16:20:00Z',
  remaining: 285,
  remaining_minor: 968_750,
  as_of: '2026-03-02T09:00:00Z',
  open: false,
  next_opens_at: '2026-03-03T00:30:00Z',
  closes_at: null,
};

describe('the terms of the form', () => {
  it('have null for a limit that is off, also when a number was typed before', () => {
    const typed = { ...newValues('Asia/Kolkata'), max_uses: 3, valid_until: '2026-03-02T09:00:00Z' };
    expect(termsOf(typed)).toMatchObject({ max_uses: null, valid_until: null, budget_minor: null, hold_hours: null });
  });

  it('never leave a limit that is on without a number: the server refuses an empty one', () => {
    const values = newValues('UTC');
    const on = { ...values.on, max_uses: true, valid_from: true, budget_minor: true };
    expect(termsOf({ ...values, on })).toMatchObject({ max_uses: 0, valid_from: '', budget_minor: 0 });
    expect(termsOf({ ...values, on, max_uses: 3 }).max_uses).toBe(3);
  });

  it('have a percentage or an amount, and hours by the minute', () => {
    const values = { ...newValues('Asia/Kolkata'), hoursEnabled: true, everyDay: false, days: [5, 1] };
    expect(termsOf(values)).toMatchObject({
      percent_bp: 1_000,
      amount_minor: null,
      active_hours: { enabled: true, start_time: '06:00', end_time: '09:00', timezone: 'Asia/Kolkata' },
      days: [1, 5],
    });
    const fixed = { ...values, by: 'amount' as const, amount_minor: 500, currency: 'EUR', end_time: null };
    expect(termsOf(fixed)).toMatchObject({ percent_bp: null, amount_minor: 500, active_hours: { end_time: '' } });
  });

  it('list each offer once, and none where every offer fits', () => {
    const values = { ...newValues('UTC'), offers: ' shop-7\n\nshop-8, shop-7' };
    expect(termsOf(values).offers).toEqual([]);
    expect(termsOf({ ...values, offers_rule: 'some' }).offers).toEqual(['shop-7', 'shop-8']);
  });
});

describe('a change', () => {
  it('of nothing has the version alone', () => {
    expect(changeOf(valuesOf(code), code)).toEqual({ version: code.version });
  });

  it('has the members that differ from the version that was opened', () => {
    const values = valuesOf(code);
    const on = { ...values.on, max_uses: false };
    expect(changeOf({ ...values, title: 'Late birds', start_time: '07:00', on }, code)).toEqual({
      title: 'Late birds',
      active_hours: { ...code.active_hours, start_time: '07:00' },
      max_uses: null,
      version: code.version,
    });
  });

  it('shows where two versions differ', () => {
    expect(differing({ a: 1, b: [1], c: null }, { a: 1, b: [2], d: 0 })).toEqual(['b', 'c', 'd']);
  });
});

describe('two versions', () => {
  const theirs = { ...code, title: 'Theirs', max_uses: 900, version: code.version + 1 };
  const mine = { ...valuesOf(code), title: 'Mine', stacking: 'exclusive' as const };

  it('conflict in the members that differ, and a member that was not typed is the other person’s', () => {
    expect(conflictsOf(code, theirs, mine)).toEqual([
      { name: 'title', isMine: true },
      { name: 'max_uses', isMine: false },
      { name: 'stacking', isMine: true },
    ]);
  });

  it('are merged into a change of the newest version alone', () => {
    const merged = mergedValues(theirs, mine, ['stacking']);
    expect(changeOf(merged, theirs)).toEqual({ stacking: 'exclusive', version: theirs.version });
  });
});

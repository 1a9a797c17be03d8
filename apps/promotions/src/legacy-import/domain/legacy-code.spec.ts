import { describe, expect, it } from '@jest/globals';
import { type PlainObject, plainOf } from '../reading/extended-json.js';
import { type LegacyCode, readLegacyCode } from './legacy-code.js';

const now = Temporal.Instant.from('2026-03-02T09:00:00Z');
const read = (document: object) => readLegacyCode(plainOf({ code: 'CODE', ...document }) as PlainObject, 'USD', now);
function recordOf(document: object): LegacyCode {
  const reading = read(document);
  if ('faults' in reading) throw new Error(reading.faults.join('; '));
  return reading.record;
}
const faultsOf = (document: object) => {
  const reading = read(document);
  return 'faults' in reading ? reading.faults : [];
};

describe('the benefit of a legacy code', () => {
  it.each<[object, Partial<LegacyCode>]>([
    [{ percentage: 10 }, { kind: 'bonus', percentBp: 1_000, amountMinor: null, currency: null }],
    [{ discountPercentage: '12.5' }, { kind: 'discount', percentBp: 1_250 }],
    [
      { type: 'percentage', value: 5, currency: 'eur' },
      { kind: 'bonus', percentBp: 500, currency: 'EUR' },
    ],
    [
      { discount_type: 'fixed', discount_value: 3, currency: 'EUR' },
      { kind: 'discount', amountMinor: 300 },
    ],
    [
      { kind: 'bonus', bonus_type: 'percent', bonus_value: 7 },
      { kind: 'bonus', percentBp: 700 },
    ],
    [
      { bonus_amount: 1.5, currency: 'JPY' },
      { amountMinor: 2, currency: 'JPY' },
    ],
    [{ bonus_amount: 1.5 }, { amountMinor: 150, currency: 'USD' }],
    [
      { percentage: 10, max_bonus: 50 },
      { capMinor: 5_000, currency: 'USD' },
    ],
    [{}, { kind: 'bonus', percentBp: null, amountMinor: 0 }],
  ])('is read from %j', (document, expected) => {
    expect(recordOf(document)).toMatchObject(expected);
  });

  it.each([
    [{ percentage: 120 }, 'percentage: 120 is not a percentage from 0.01 to 100'],
    [{ amount: -1 }, 'amount: -1 is not an amount'],
    [{ amount: 1, currency: 'Rupees' }, 'currency: RUPEES is not a currency'],
    [{ percentage: {} }, 'percentage: {} is not a number'],
  ])('is not guessed from %j', (document, fault) => {
    expect(faultsOf(document)).toEqual([fault]);
  });
});

describe('a legacy code', () => {
  it('keeps its instants, limits and days', () => {
    const document = {
      percentage: 1,
      validFrom: { $date: '2024-01-01T05:30:00+05:30' },
      expires_at: '2024-02-01T00:00:00Z',
      max_uses: { $numberLong: '5' },
      maxUsesPerUser: 2,
      active_days: ['Monday', 'fri', 1],
      excluded_offers: [{ $oid: '65d000000000000000000001' }, ' 01A1FFD5-D3D1-7A4D-96E4-7A65B86A490B', 'Shop'],
    };
    const record = recordOf(document);
    expect([String(record.validFrom), String(record.validUntil)]).toEqual([
      '2024-01-01T00:00:00Z',
      '2024-02-01T00:00:00Z',
    ]);
    expect(record).toMatchObject({ maxUses: 5, maxUsesPerPerson: 2, days: [1, 5], offersRule: 'all_but' });
    expect(record.offers).toEqual(['65d000000000000000000001', '01a1ffd5-d3d1-7a4d-96e4-7a65b86a490b', 'Shop']);
  });

  it.each([
    [{ status: 'ACTIVE' }, 'active'],
    [{ status: 'disabled' }, 'paused'],
    [{ status: 'Used up', auto_deactivated_at: '2024-01-01T00:00:00Z' }, 'expired'],
    [{ status: 'expired', auto_deactivated_at: '2024-01-01T00:00:00Z' }, 'expired'],
    [{ status: 'expired', valid_until: '2026-03-02T09:00:00Z' }, 'expired'],
    [{ status: 'who knows' }, 'paused'],
    [{ isActive: false }, 'paused'],
    [{ auto_deactivated_at: { $date: '2024-01-01T00:00:00Z' } }, 'expired'],
    [{}, 'active'],
  ])('with %j is %s', (document, status) => {
    expect(recordOf({ percentage: 1, ...document }).status).toBe(status);
  });

  it.each([
    { status: 'expired' },
    { status: 'expired', valid_until: '2026-03-02T09:00:00.001Z' },
    { status: 'Used up' },
    { status: 'exhausted', valid_until: '2024-01-01T00:00:00Z' },
  ])('that ended for no confirmed reason is paused: %j', (document) => {
    expect(read({ percentage: 1, ...document })).toMatchObject({
      record: { status: 'paused' },
      notes: [`status: “${document.status}” is not confirmed by another field; the code is paused`],
    });
  });

  it.each([
    ['6:00', '06:00'],
    ['06:00', '06:00'],
    ['23:59:59', '23:59'],
  ])('that opens at %s opens at %s', (start_time, expected) => {
    expect(recordOf({ active_hours: { start_time } }).activeHours.start_time).toBe(expected);
  });

  it.each(['24:00', '6', '6:5', '12:60', 'noon'])('whose hours begin at %s is refused', (start_time) => {
    expect(faultsOf({ active_hours: { start_time } })).toEqual([
      `active_hours.start_time: ${start_time} is not a time of day`,
    ]);
  });

  it('with disabled hours may state an unknown zone', () => {
    expect(recordOf({ active_hours: { enabled: false, timezone: 'IST' } }).activeHours.timezone).toBe('UTC');
  });

  it('has an id from its own id, else from its text', () => {
    const oid = { _id: { $oid: '65a000000000000000000001' } };
    expect(recordOf(oid).id).toBe(recordOf({ ...oid, code: 'OTHER' }).id);
    expect(recordOf({ code: 'Same' }).id).toBe(recordOf({ code: 'SAME' }).id);
  });

  it.each([
    [{ code: null }, 'code: is missing'],
    [{ code: 'a b' }, 'code: has spaces or invisible characters, or more than 64 of them'],
    [{ max_uses: 1.5 }, 'max_uses: 1.5 is not a whole number'],
    [{ valid_from: 'soon' }, 'valid_from: "soon" is not an instant'],
  ])('with %j is refused', (document, fault) => {
    expect(faultsOf(document)).toEqual([fault]);
  });
});

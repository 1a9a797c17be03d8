import { describe, expect, it } from '@jest/globals';
import { plainOf } from './extended-json.js';

const noon = Temporal.Instant.from('2024-05-01T12:00:00Z');

describe('a value of an export', () => {
  it.each([
    ['an ObjectId', { $oid: '65F0C0FFEE65F0C0FFEE65F0' }, '65f0c0ffee65f0c0ffee65f0'],
    ['an int (canonical)', { $numberInt: '42' }, 42],
    ['a long', { $numberLong: '5000000000' }, 5_000_000_000],
    ['a long beyond what numbers hold', { $numberLong: '9007199254740993' }, '9007199254740993'],
    ['a double (canonical)', { $numberDouble: '12.5' }, 12.5],
    ['a double without end', { $numberDouble: 'Infinity' }, Number.POSITIVE_INFINITY],
    ['a decimal', { $numberDecimal: '0.10' }, '0.10'],
    ['a bare number (relaxed)', 12.5, 12.5],
    ['an undefined (v1)', { $undefined: true }, null],
    ['a reference', { $ref: 'promo_codes', $id: { $oid: '65f0c0ffee65f0c0ffee65f0' } }, '65f0c0ffee65f0c0ffee65f0'],
    ['a UUID (v2)', { $uuid: '0198c0de-7a11-7c3e-8f00-3b5d1f6a0001' }, '0198c0de-7a11-7c3e-8f00-3b5d1f6a0001'],
    [
      'a UUID in binary (v2)',
      { $binary: { base64: 'AZjA3noRfD6PADtdH2oAAQ==', subType: '04' } },
      '0198c0de-7a11-7c3e-8f00-3b5d1f6a0001',
    ],
    [
      'a UUID in binary (v1)',
      { $binary: 'AZjA3noRfD6PADtdH2oAAQ==', $type: '04' },
      '0198c0de-7a11-7c3e-8f00-3b5d1f6a0001',
    ],
  ])('that is %s is %j', (_, value, expected) => {
    expect(plainOf(value)).toEqual(expected);
  });

  it.each([
    ['v2 relaxed', '2024-05-01T12:00:00Z'],
    ['v2 relaxed with milliseconds', '2024-05-01T12:00:00.000Z'],
    ['v2 canonical', { $numberLong: '1714564800000' }],
    ['v1 with an offset', '2024-05-01T17:30:00.000+0530'],
    ['v1 with a zone’s colon', '2024-05-01T08:00:00-04:00'],
    ['v1 in milliseconds', 1_714_564_800_000],
  ])('that is a date (%s) is an instant', (_, $date) => {
    expect(String(plainOf({ $date }))).toBe(String(noon));
  });

  it('before 1970 is an instant as well', () => {
    expect(String(plainOf({ $date: { $numberLong: '-1' } }))).toBe('1969-12-31T23:59:59.999Z');
  });

  it('is unwrapped at any depth', () => {
    const document = { a: [{ b: { $numberInt: '1' } }], at: { $timestamp: { t: 1_714_564_800, i: 1 } } };
    expect(plainOf(document)).toEqual({ a: [{ b: 1 }], at: noon });
  });

  it.each([
    [{ a: [{ b: { $date: 'yesterday' } }] }, 'a[0].b: "yesterday" is not an instant'],
    [{ a: { $oid: 'short' } }, 'a: "short" does not fit its type'],
    [{ a: { $numberInt: 'x' } }, 'a: "x" is not a number'],
    [{ a: { $minKey: 1 } }, 'a: $minKey is not a type of a record'],
    [{ a: { $binary: { base64: 'AA==', subType: '00' } } }, 'a: binary that is not a UUID'],
  ])('%j names its field when it cannot be read', (document, says) => {
    expect(() => plainOf(document)).toThrow(says);
  });
});

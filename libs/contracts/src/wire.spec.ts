import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { day, instant } from './wire.js';

const faultsOf = (text: string) => instant.safeParse(text).error?.issues ?? [];

describe('an instant', () => {
  it.each([
    '2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00.123456789+05:30',
    '0001-01-01T00:00:00Z',
    '0000-12-31T23:00:00-05:00',
    '9999-12-31T23:59:59.999999Z',
    '9999-12-31T23:59:59-00:00',
  ])('may be %s', (text) => {
    expect(instant.parse(text)).toBe(text);
  });

  it.each([
    ['finer than a nanosecond', '2026-01-01T00:00:00.1234567890Z'],
    ['written finer than a nanosecond', '2026-01-01T00:00:00.0000000000Z'],
    ['of the year 0', '0000-06-01T00:00:00Z'],
    ['of the year 0 by its offset', '0001-01-01T00:00:00+05:00'],
    ['of the year 10000 by its offset', '9999-12-31T23:00:00-05:00'],
    ['of the year 10000 once a database rounds it', '9999-12-31T23:59:59.9999999Z'],
    ['of a day that does not exist', '2026-02-30T00:00:00Z'],
    ['of a day that does not exist, in the last year', '9999-02-30T00:00:00Z'],
  ])('%s is refused with one fault', (_, text) => {
    expect(faultsOf(text)).toHaveLength(1);
  });

  it('is each text that Temporal writes of the years 1 to 9999', () => {
    const [first, last] = ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z'].map(
      (text) => Temporal.Instant.from(text).epochNanoseconds,
    );
    fc.assert(
      fc.property(fc.bigInt(first as bigint, last as bigint), (nanoseconds) => {
        const written = new Temporal.Instant(nanoseconds).toString();
        expect(instant.parse(written)).toBe(written);
      }),
    );
  });

  it('that is accepted can be read, with any digits and any offset', () => {
    const two = (most: number) => fc.integer({ min: 0, max: most }).map((value) => String(value).padStart(2, '0'));
    const written = fc
      .tuple(
        fc.constantFrom('0000', '0001', '1969', '2026', '9999'),
        two(13),
        two(32),
        two(25),
        two(61),
        two(61),
        fc.stringMatching(/^(?:\.[09]{1,12})?$/),
        fc.oneof(
          fc.constant('Z'),
          fc.tuple(fc.constantFrom('+', '-'), two(25), two(61)).map(([s, h, m]) => `${s}${h}:${m}`),
        ),
      )
      .map(([year, month, date, hour, minute, second, fraction, offset]) => {
        return `${year}-${month}-${date}T${hour}:${minute}:${second}${fraction}${offset}`;
      });
    fc.assert(
      fc.property(written, (text) => {
        if (!instant.safeParse(text).success) return;
        const { year } = Temporal.Instant.from(text).toZonedDateTimeISO('UTC');
        expect(year).toBeGreaterThanOrEqual(1);
        expect(year).toBeLessThanOrEqual(9999);
      }),
      { numRuns: 20_000 },
    );
  });
});

describe('a day', () => {
  it('is one that Temporal and databases know', () => {
    expect(day.safeParse('0001-01-01').success).toBe(true);
    expect(day.safeParse('0000-01-01').success).toBe(false);
    expect(day.safeParse('2026-02-29').success).toBe(false);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Cadence, nthPeriod, periodStart } from './calendar.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const starts = (anchor: string, cadence: Cadence, count: number) =>
  Array.from({ length: count }, (_, n) => String(periodStart(day(anchor), cadence, n)));

/** Days from 1970 to 2169, with the ends of months and leap days often. */
const anyDay = fc.oneof(
  fc.integer({ min: 0, max: 73_000 }).map((days) => day('1970-01-01').add({ days })),
  fc
    .tuple(fc.integer({ min: 1970, max: 2169 }), fc.integer({ min: 1, max: 12 }))
    .map(([year, month]) => Temporal.PlainDate.from({ year, month, day: 31 })),
  fc
    .integer({ min: 493, max: 542 })
    .map((quarter) => Temporal.PlainDate.from({ year: quarter * 4, month: 2, day: 29 })),
);
const anyCadence = fc.record({
  unit: fc.constantFrom<Cadence['unit']>('week', 'month', 'year'),
  every: fc.integer({ min: 1, max: 120 }),
});
const anyNumber = fc.integer({ min: 0, max: 60 });

describe('periods from an anchor', () => {
  it('come back to the 31st after shorter months', () => {
    const monthly = { unit: 'month', every: 1 } as const;
    expect(starts('2026-01-31', monthly, 5)).toEqual([
      '2026-01-31',
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
      '2026-05-31',
    ]);
    expect(starts('2028-01-31', monthly, 3)).toEqual(['2028-01-31', '2028-02-29', '2028-03-31']);
  });

  it('come back to a leap day', () => {
    expect(starts('2024-02-29', { unit: 'year', every: 1 }, 5)).toEqual([
      '2024-02-29',
      '2025-02-28',
      '2026-02-28',
      '2027-02-28',
      '2028-02-29',
    ]);
    expect(starts('2096-02-29', { unit: 'year', every: 4 }, 3)).toEqual(['2096-02-29', '2100-02-28', '2104-02-29']);
  });

  it('keep the day of the week', () => {
    expect(starts('2026-12-28', { unit: 'week', every: 2 }, 3)).toEqual(['2026-12-28', '2027-01-11', '2027-01-25']);
  });

  it('tile the time line: each ends on the day before the next one starts', () => {
    fc.assert(
      fc.property(anyDay, anyCadence, anyNumber, (anchor, cadence, n) => {
        const [here, next] = [nthPeriod(anchor, cadence, n), nthPeriod(anchor, cadence, n + 1)];
        if (!here || !next) throw new Error('these periods exist');
        expect(String(here.endDate.add({ days: 1 }))).toBe(String(next.startDate));
        expect(Temporal.PlainDate.compare(here.startDate, here.endDate)).toBeLessThanOrEqual(0);
        expect(String(nthPeriod(anchor, cadence, 0)?.startDate)).toBe(String(anchor));
      }),
      { numRuns: 2_000 },
    );
  });

  it('never drift: month and year follow from the number, and the day from the anchor', () => {
    fc.assert(
      fc.property(anyDay, anyCadence, anyNumber, (anchor, cadence, n) => {
        const start = periodStart(anchor, cadence, n) as Temporal.PlainDate;
        if (cadence.unit === 'week') {
          expect(anchor.until(start).days).toBe(7 * n * cadence.every);
          return;
        }
        const months = (start.year - anchor.year) * 12 + start.month - anchor.month;
        expect(months).toBe(n * cadence.every * (cadence.unit === 'year' ? 12 : 1));
        expect(start.day).toBe(Math.min(anchor.day, start.daysInMonth));
      }),
      { numRuns: 2_000 },
    );
  });

  it('end with the last of all days', () => {
    expect(periodStart(day('9999-12-01'), { unit: 'month', every: 1 }, 0)?.toString()).toBe('9999-12-01');
    expect(nthPeriod(day('9999-12-01'), { unit: 'month', every: 1 }, 0)).toBeNull();
    expect(periodStart(day('2026-01-01'), { unit: 'year', every: 120 }, 1_000_000)).toBeNull();
    expect(() => periodStart(day('2026-01-01'), { unit: 'year', every: 1 }, -1)).toThrow('counted from 0');
  });
});

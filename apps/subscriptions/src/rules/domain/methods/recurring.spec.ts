import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { daysIn } from './calendar.js';
import { type Offer, type ParameterValues, plainChoice } from './method.js';
import { recurring } from './recurring.js';
import { shareOf } from './shares.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const berlin: Offer = { timeZone: 'Europe/Berlin', currency: 'EUR', startDate: null, endDate: null };
const monthly = { price: 4_900, unit: 'month' };

function plan() {
  if (!recurring.plan) throw new Error('a recurring subscription has later periods');
  return recurring.plan;
}

/** The first periods of a subscription that is ordered at an instant, as `from–to: amount`. */
function periods(parameters: ParameterValues, orderedAt: string, count: number, offer: Offer = berlin): string[] {
  const anchor = plan().anchor(parameters, offer, Temporal.Instant.from(orderedAt));
  return Array.from({ length: count }, (_, n) => {
    const period = plan().period(parameters, offer, anchor, n);
    return period ? `${period.startDate}–${period.endDate}: ${period.amountMinor}` : 'none';
  });
}

describe('a recurring subscription', () => {
  it('starts on the day of the order, and comes back to it', () => {
    expect(periods(monthly, '2026-01-30T23:30:00Z', 3)).toEqual([
      '2026-01-31–2026-02-27: 4900',
      '2026-02-28–2026-03-30: 4900',
      '2026-03-31–2026-04-29: 4900',
    ]);
  });

  it('starts with the class, and ends with it: the last period is cut off and prorated', () => {
    const offer = { ...berlin, startDate: day('2026-04-01'), endDate: day('2026-05-10') };
    expect(periods(monthly, '2026-03-02T09:00:00Z', 3, offer)).toEqual([
      '2026-04-01–2026-04-30: 4900',
      `2026-05-01–2026-05-10: ${shareOf(4_900, 10, 31, 'half_up')}`,
      'none',
    ]);
    expect(periods({ ...monthly, partial_period: 'full' }, '2026-03-02T09:00:00Z', 2, offer)[1]).toMatch(/: 4900$/);
  });

  it('begins with a trial that costs nothing', () => {
    expect(periods({ ...monthly, trial_days: 14 }, '2026-03-02T09:00:00Z', 3)).toEqual([
      '2026-03-02–2026-03-15: 0',
      '2026-03-16–2026-04-15: 4900',
      '2026-04-16–2026-05-15: 4900',
    ]);
  });

  it('pays for the days up to the anchor day first', () => {
    expect(periods({ ...monthly, anchor_day: 31 }, '2026-02-20T09:00:00Z', 4)).toEqual([
      `2026-02-20–2026-02-27: ${shareOf(4_900, 8, 28, 'half_up')}`,
      '2026-02-28–2026-03-30: 4900',
      '2026-03-31–2026-04-29: 4900',
      '2026-04-30–2026-05-30: 4900',
    ]);
    expect(periods({ price: 700, unit: 'week', anchor_day: 1 }, '2026-03-05T09:00:00Z', 2)).toEqual([
      '2026-03-05–2026-03-08: 400',
      '2026-03-09–2026-03-15: 700',
    ]);
    expect(periods({ ...monthly, anchor_day: 15, trial_days: 3 }, '2026-03-12T09:00:00Z', 2)).toEqual([
      '2026-03-12–2026-03-14: 0',
      '2026-03-15–2026-04-14: 4900',
    ]);
  });

  it('ends after its periods; a trial and a partial one come beside them', () => {
    const parameters = { ...monthly, trial_days: 7, anchor_day: 1, periods: 2 };
    expect(periods(parameters, '2026-03-02T09:00:00Z', 5)).toEqual([
      '2026-03-02–2026-03-08: 0',
      `2026-03-09–2026-03-31: ${shareOf(4_900, 23, 31, 'half_up')}`,
      '2026-04-01–2026-04-30: 4900',
      '2026-05-01–2026-05-31: 4900',
      'none',
    ]);
  });

  it('explains anchor, zone, unit, numerator, denominator and rounding', () => {
    const parameters = { ...monthly, anchor_day: 1 };
    const quote = recurring.quote(parameters, berlin, Temporal.Instant.from('2026-03-02T09:00:00Z'), plainChoice, []);
    expect(quote.trace).toEqual([
      {
        step: 'amount',
        explanation:
          'It costs 49.00 EUR each month; this period has 30 of 31 days and costs 47.42 EUR, rounded to the nearest ' +
          'minor unit, halves up.',
        unit: 'day',
        numerator: 30,
        denominator: 31,
        rounding: 'half_up',
      },
      {
        step: 'period',
        explanation:
          'It is from 2026-03-02 to 2026-03-31, both days included, counted from 2026-03-02 in Europe/Berlin.',
        anchor: '2026-03-02',
        zone: 'Europe/Berlin',
        unit: 'month',
      },
    ]);
  });
});

const anyParameters = fc.record(
  {
    price: fc.integer({ min: 0, max: 100_000 }),
    unit: fc.constantFrom('week', 'month', 'year'),
    every: fc.integer({ min: 1, max: 6 }),
    trial_days: fc.integer({ min: 0, max: 40 }),
    anchor_day: fc.integer({ min: 1, max: 31 }),
    periods: fc.integer({ min: 1, max: 30 }),
    partial_period: fc.constantFrom('prorated', 'full'),
    rounding: fc.constantFrom('half_up', 'half_even', 'up', 'down'),
  },
  { requiredKeys: ['price', 'unit'] },
);
const anyOffer = fc
  .tuple(
    fc.constantFrom('Europe/Berlin', 'America/Santiago', 'Pacific/Apia', 'Asia/Kathmandu', 'UTC'),
    fc.option(fc.integer({ min: 0, max: 400 })),
    fc.option(fc.integer({ min: 0, max: 900 })),
  )
  .map(([timeZone, starts, lasts]): Offer => {
    const startDate = starts === null ? null : day('2027-10-01').add({ days: starts });
    const endDate = lasts === null ? null : (startDate ?? day('2028-12-31')).add({ days: lasts });
    return { timeZone, currency: 'EUR', startDate, endDate };
  });
/** Within two years, with a leap day and four changes of the clocks. */
const anyInstant = fc
  .integer({ min: 0, max: 400 * 24 * 60 })
  .map((minutes) => Temporal.Instant.from('2027-11-20T00:00:00Z').add({ minutes }));

describe('the periods of any recurring subscription', () => {
  it('tile its days from the first to the last, and a part costs no more than the whole', () => {
    fc.assert(
      fc.property(anyParameters, anyOffer, anyInstant, (parameters, offer, now) => {
        fc.pre(recurring.misfits?.(parameters, offer).length === 0);
        const anchor = plan().anchor(parameters, offer, now);
        fc.pre(offer.endDate === null || Temporal.PlainDate.compare(anchor, offer.endDate) <= 0);
        const quote = recurring.quote(parameters, offer, now, plainChoice, []);
        expect(quote.startDate.equals(anchor)).toBe(true);
        let next = anchor;
        for (let n = 0; n < 24; n += 1) {
          const period = plan().period(parameters, offer, anchor, n);
          if (!period) break;
          expect(String(period.startDate)).toBe(String(next));
          const last = period.endDate as Temporal.PlainDate;
          expect(daysIn(period.startDate, last)).toBeGreaterThanOrEqual(1);
          expect(period.amountMinor).toBeLessThanOrEqual(parameters.price);
          expect(String(period.dueDate)).toBe(String(period.startDate));
          next = last.add({ days: 1 });
        }
        if (offer.endDate)
          expect(Temporal.PlainDate.compare(next, offer.endDate.add({ days: 1 }))).toBeLessThanOrEqual(0);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the settings of a renewal', () => {
  const misfits = (parameters: ParameterValues) =>
    (recurring.misfits?.({ ...monthly, ...parameters }, berlin) ?? []).length;

  it('have defaults that follow the days of grace', () => {
    expect(plan().renewal({ grace_days: 45 })).toEqual({
      leadDays: 7,
      graceDays: 45,
      dunning: [
        { afterDays: 1, step: 'remind' },
        { afterDays: 45, step: 'suspend' },
        { afterDays: 45, step: 'end' },
      ],
    });
  });

  it.each([
    [0, { dunning: [{ after_days: 14, step: 'end' }] }],
    [1, { dunning: [] }],
    [1, { dunning: [{ after_days: 14, step: 'remind' }] }],
    [
      1,
      {
        grace_days: 3,
        dunning: [
          { after_days: 2, step: 'suspend' },
          { after_days: 9, step: 'end' },
        ],
      },
    ],
    [
      1,
      {
        dunning: [
          { after_days: 9, step: 'remind' },
          { after_days: 8, step: 'end' },
        ],
      },
    ],
    [1, { unit: 'year', anchor_day: 3 }],
    [1, { unit: 'week', anchor_day: 8 }],
    [0, { unit: 'week', anchor_day: 7 }],
  ])('have %d faults in %j', (count, parameters) => {
    expect(misfits(parameters)).toBe(count);
  });
});

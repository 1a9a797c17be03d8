import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { installments } from './installments.js';
import { type Offer, plainChoice } from './method.js';
import { daysOfWeek, prorated } from './prorated.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const anyZone = fc.constantFrom('Europe/Berlin', 'America/Santiago', 'Pacific/Apia', 'UTC');
const anyPrice = fc.integer({ min: 0, max: 1_000_000 });

describe('instalments', () => {
  const plan = installments.plan;
  if (!plan) throw new Error('instalments have later parts');

  it('add up to the price, differ by at most one after the down payment, and are due from the anchor', () => {
    const cases = fc.record({
      price: anyPrice,
      down: fc.integer({ min: 0, max: 1_000_000 }),
      parts: fc.integer({ min: 1, max: 24 }),
      unit: fc.constantFrom('week', 'month', 'year'),
      zone: anyZone,
      minutes: fc.integer({ min: 0, max: 2 * 365 * 24 * 60 }),
    });
    fc.assert(
      fc.property(cases, ({ price, down, parts, unit, zone, minutes }) => {
        const parameters = { price, down_payment: down, parts, unit };
        const offer: Offer = { timeZone: zone, currency: 'EUR', startDate: null, endDate: null };
        fc.pre(installments.misfits?.(parameters, offer).length === 0);
        const now = Temporal.Instant.from('2027-10-01T00:00:00Z').add({ minutes });
        const anchor = plan.anchor(parameters, offer, now);
        const periods = Array.from({ length: parts + 1 }, (_, n) => plan.period(parameters, offer, anchor, n));
        expect(plan.period(parameters, offer, anchor, parts + 1)).toBeNull();
        const amounts = periods.map((period) => period?.amountMinor ?? Number.NaN);
        expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(price);
        const [first, ...later] = amounts;
        expect(first).toBe(down);
        expect(Math.max(...later) - Math.min(...later)).toBeLessThanOrEqual(1);
        expect(Math.min(...later)).toBeGreaterThanOrEqual(1);
        const due = periods.map((period) => String(period?.dueDate));
        expect(due).toEqual([...new Set(due)].sort());
        expect(installments.quote(parameters, offer, now, plainChoice, [])).toEqual({
          amountMinor: down,
          startDate: anchor,
          endDate: null,
          trace: periods[0]?.trace,
        });
      }),
    );
  });
});

describe('proration', () => {
  const cases = fc.record({
    price: anyPrice,
    rounding: fc.constantFrom('half_up', 'half_even', 'up', 'down'),
    zone: anyZone,
    length: fc.integer({ min: 0, max: 400 }),
    late: fc.integer({ min: -50, max: 400 }),
    weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
  });
  const start = day('2027-09-15');

  it('costs the whole price before the class, and never more later', () => {
    fc.assert(
      fc.property(cases, ({ price, rounding, zone, length, late }) => {
        fc.pre(late <= length);
        const offer: Offer = {
          timeZone: zone,
          currency: 'EUR',
          startDate: start,
          endDate: start.add({ days: length }),
        };
        const at = (days: number) => {
          const noon = start.add({ days }).toZonedDateTime({ timeZone: zone, plainTime: '12:00' }).toInstant();
          return prorated.quote({ price, unit: 'day', rounding }, offer, noon, plainChoice, []);
        };
        const { amountMinor, startDate } = at(late);
        expect(amountMinor).toBeLessThanOrEqual(price);
        if (late <= 0) expect([amountMinor, String(startDate)]).toEqual([price, String(start)]);
        if (late < length) expect(at(late + 1).amountMinor).toBeLessThanOrEqual(amountMinor);
      }),
    );
  });

  it('counts the days of the week as a calendar does', () => {
    fc.assert(
      fc.property(cases, ({ length, late, weekdays }) => {
        const first = start.add({ days: late });
        const days = Array.from({ length: length + 1 }, (_, index) => first.add({ days: index }));
        const counted = days.filter(({ dayOfWeek }) => weekdays.includes(dayOfWeek)).length;
        expect(daysOfWeek(weekdays, first, first.add({ days: length }))).toBe(counted);
      }),
    );
  });
});

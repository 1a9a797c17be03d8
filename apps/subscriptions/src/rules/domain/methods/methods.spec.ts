import { describe, expect, it } from '@jest/globals';
import { explain, quoteBy } from '../rule.js';
import type { Offer } from './method.js';
import { allMethods, methodNamed, unmetNeed } from './registry.js';

const day = (text: string) => Temporal.PlainDate.from(text);

function quote(method: 'free' | 'single_payment', orderedAt: string, offer: Partial<Offer> = {}, price = 1_500) {
  const rule = { method, template: [] };
  const whole: Offer = { timeZone: 'Europe/Berlin', currency: 'EUR', startDate: null, endDate: null, ...offer };
  return quoteBy(rule, method === 'free' ? {} : { price }, whole, Temporal.Instant.from(orderedAt));
}

describe('a single payment', () => {
  it('costs the price', () => {
    expect(quote('single_payment', '2026-03-02T09:00:00Z').amountMinor).toBe(1_500);
  });

  it.each([0, 1, 1_000_000_000_000])('may cost %d', (price) => {
    expect(quote('single_payment', '2026-03-02T09:00:00Z', {}, price).amountMinor).toBe(price);
  });

  it('explains the price in plain words', () => {
    const offer = { startDate: day('2026-04-01'), endDate: day('2026-06-30') };
    expect(explain(quote('single_payment', '2026-03-02T09:00:00Z', offer))).toBe(
      'It costs 15.00 EUR, paid once. It starts when the class starts, on 2026-04-01. ' +
        'It ends with the class, on 2026-06-30, that day included.',
    );
  });
});

describe('a free subscription', () => {
  it('costs nothing and explains it', () => {
    const free = quote('free', '2026-03-02T09:00:00Z');
    expect(free.amountMinor).toBe(0);
    expect(explain(free)).toBe(
      'It is free. It starts on the day of the order in Europe/Berlin, 2026-03-02. It has no end.',
    );
  });
});

describe('the first day is the day of the order where the class is', () => {
  it.each([
    ['2026-03-02T22:59:59Z', 'Europe/Berlin', '2026-03-02'],
    ['2026-03-02T23:00:00Z', 'Europe/Berlin', '2026-03-03'],
    // The clocks go forward on 29 March at 02:00, and the day has 23 hours.
    ['2026-03-28T22:59:59Z', 'Europe/Berlin', '2026-03-28'],
    ['2026-03-28T23:00:00Z', 'Europe/Berlin', '2026-03-29'],
    ['2026-03-29T21:59:59Z', 'Europe/Berlin', '2026-03-29'],
    ['2026-03-29T22:00:00Z', 'Europe/Berlin', '2026-03-30'],
    // They go back on 25 October, and the day has 25 hours.
    ['2026-10-24T22:00:00Z', 'Europe/Berlin', '2026-10-25'],
    ['2026-10-25T22:59:59Z', 'Europe/Berlin', '2026-10-25'],
    ['2026-10-25T23:00:00Z', 'Europe/Berlin', '2026-10-26'],
    // In these zones the clocks change at midnight: a day begins at 01:00.
    ['2026-03-21T23:59:59Z', 'Asia/Beirut', '2026-03-22'],
    ['2026-09-06T03:59:59Z', 'America/Santiago', '2026-09-05'],
    ['2026-09-06T04:00:00Z', 'America/Santiago', '2026-09-06'],
    // The ends of the earth, at one instant.
    ['2026-03-02T10:30:00Z', 'Pacific/Kiritimati', '2026-03-03'],
    ['2026-03-02T10:30:00Z', 'Pacific/Pago_Pago', '2026-03-01'],
    ['2026-03-02T18:15:00Z', 'Asia/Kathmandu', '2026-03-03'],
    // Samoa had no 30 December 2011.
    ['2011-12-30T09:59:59Z', 'Pacific/Apia', '2011-12-29'],
    ['2011-12-30T10:00:00Z', 'Pacific/Apia', '2011-12-31'],
    ['2028-02-29T12:00:00Z', 'UTC', '2028-02-29'],
  ])('%s in %s is %s', (orderedAt, timeZone, expected) => {
    expect(quote('single_payment', orderedAt, { timeZone }).startDate.toString()).toBe(expected);
  });
});

describe('a class with its own days', () => {
  const offer = { startDate: day('2026-04-01'), endDate: day('2026-06-30') };

  it.each([
    ['before it starts', '2026-03-02T09:00:00Z', '2026-04-01'],
    ['on its first day', '2026-04-01T09:00:00Z', '2026-04-01'],
    ['later', '2026-05-15T09:00:00Z', '2026-05-15'],
    ['on its last day, until midnight where it is', '2026-06-30T21:59:59Z', '2026-06-30'],
  ])('ordered %s', (_, orderedAt, startDate) => {
    const made = quote('free', orderedAt, offer);
    expect([made.startDate.toString(), made.endDate?.toString()]).toEqual([startDate, '2026-06-30']);
  });

  it('has ended from the midnight after its last day', () => {
    expect(() => quote('free', '2026-06-30T22:00:00Z', offer)).toThrow('The class ended on 2026-06-30.');
  });

  it('may last for one day', () => {
    const oneDay = { startDate: day('2026-04-01'), endDate: day('2026-04-01') };
    expect(quote('free', '2026-03-02T09:00:00Z', oneDay).startDate.toString()).toBe('2026-04-01');
  });
});

describe('each method', () => {
  it.each(allMethods.map((method) => [method.name, method] as const))('%s is found by its name', (name, method) => {
    expect(methodNamed(name)).toBe(method);
    expect(method.about).toMatch(/^[A-Z].*\.$/);
  });

  it('has needs whose schemas decide', () => {
    const method = methodNamed('single_payment');
    if (!method) throw new Error('there is a single payment');
    const needed = 'the method single_payment needs a whole number of minor units from 0 to 1000000000000';
    const values = [0, 1_000_000_000_000, -1, 1e15, 1.5, '1', null];
    expect(values.map((value) => unmetNeed(method, 'price', value))).toEqual([null, null, ...Array(5).fill(needed)]);
    expect(unmetNeed(method, 'constructor', -1)).toBeNull();
  });
});

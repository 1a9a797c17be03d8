import { describe, expect, it } from '@jest/globals';
import { orRefusal } from '#kernel/refusal.js';
import { quoteBy } from '../rule.js';
import { type Choice, type Offer, type ParameterValues, plainChoice } from './method.js';
import { methodNamed } from './registry.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const spring: Offer = {
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
  startDate: day('2026-04-01'),
  endDate: day('2026-06-30'),
};

function outcome(method: string, parameters: ParameterValues, at: string, choice: Partial<Choice> = {}) {
  const rule = { method, template: [] };
  const quoted = () => quoteBy(rule, parameters, spring, Temporal.Instant.from(at), { ...plainChoice, ...choice });
  return orRefusal(quoted);
}

const window = {
  prices: [{ date: '2026-03-01', amount_minor: 1 }],
  price: 2,
  registration_opens: '2026-02-01',
  registration_closes: '2026-03-28',
};

describe('a registration window', () => {
  it.each<[string, object]>([
    [
      '2026-01-31T22:59:59Z',
      {
        code: 'REGISTRATION_NOT_OPEN',
        message: 'Registration opens on 2026-02-01 in Europe/Berlin.',
        details: { opens_at: '2026-01-31T23:00:00Z' },
      },
    ],
    ['2026-01-31T23:00:00Z', { amountMinor: 1 }],
    ['2026-03-28T22:59:59.999Z', { amountMinor: 2 }],
    [
      '2026-03-28T23:00:00Z',
      {
        code: 'REGISTRATION_CLOSED',
        message: 'Registration was open until 2026-03-28 in Europe/Berlin.',
        details: { closed_at: '2026-03-28T23:00:00Z' },
      },
    ],
  ])('at %s', (at, expected) => {
    expect(outcome('early_bird', window, at)).toMatchObject(expected);
  });
});

const march = '2026-03-02T09:00:00Z';
const tiers = { tiers: [{ count: 1, amount_minor: 500 }], seats_max: 4 };
const chosen = { minimum: 1_000, suggestion: 2_000, maximum: 3_000 };

describe('what an order chooses', () => {
  it.each<[string, ParameterValues, Partial<Choice>, object]>([
    ['single_payment', { price: 100 }, { seats: 2 }, { code: 'TOO_MANY_SEATS', details: { field: 'seats', limit: 1 } }],
    ['group', tiers, { seats: 4 }, { amountMinor: 2_000 }],
    ['group', tiers, { seats: 5 }, { code: 'TOO_MANY_SEATS', details: { field: 'seats', limit: 4 } }],
    ['free', {}, { amountMinor: 100 }, { code: 'AMOUNT_NOT_CHOOSABLE', details: { field: 'chosen_amount_minor' } }],
    ['pay_what_you_want', chosen, {}, { amountMinor: 2_000 }],
    ['pay_what_you_want', chosen, { amountMinor: 1_000 }, { amountMinor: 1_000 }],
    ['pay_what_you_want', chosen, { amountMinor: 3_000 }, { amountMinor: 3_000 }],
    [
      'pay_what_you_want',
      chosen,
      { amountMinor: 999 },
      {
        code: 'CHOSEN_AMOUNT_OUT_OF_RANGE',
        message: 'The smallest amount is 10.00 EUR.',
        details: { field: 'chosen_amount_minor', minimum_minor: 1_000, maximum_minor: 3_000 },
      },
    ],
    ['pay_what_you_want', chosen, { amountMinor: 3_001 }, { message: 'The largest amount is 30.00 EUR.' }],
  ])('%s with %j and %j', (method, parameters, choice, expected) => {
    expect(outcome(method, parameters, march, choice)).toMatchObject(expected);
  });

  it('is refused after the last meeting', () => {
    const over = { price: 100, unit: 'meeting', meetings: ['2026-04-10'] };
    expect(outcome('prorated', over, '2026-04-11T09:00:00Z')).toMatchObject({
      code: 'NO_MEETINGS_LEFT',
      details: { meetings: 1 },
    });
  });
});

describe('values that do not fit together', () => {
  const open = { ...spring, endDate: null };
  it.each<[string, ParameterValues, Offer, object[]]>([
    ['early_bird', window, spring, []],
    ['early_bird', { ...window, registration_opens: '2026-03-29' }, spring, [{ parameter: 'registration_closes' }]],
    ['early_bird', { prices: [...window.prices, ...window.prices], price: 2 }, spring, [{ parameter: 'prices' }]],
    ['prorated', { price: 1, unit: 'day' }, open, [{ member: 'end_date' }]],
    ['prorated', { price: 1, unit: 'day' }, { ...spring, startDate: null }, [{ member: 'start_date' }]],
    ['prorated', { price: 1, unit: 'meeting' }, spring, [{ parameter: 'unit' }]],
    ['prorated', { price: 1, unit: 'meeting', meetings: ['2026-07-01'] }, spring, [{ parameter: 'meetings' }]],
    [
      'prorated',
      { price: 1, unit: 'meeting', meetings: ['2026-05-01'], weekdays: [1] },
      spring,
      [{ parameter: 'meetings' }],
    ],
    ['installments', { price: 10, down_payment: 7, parts: 3, unit: 'month' }, spring, []],
    ['installments', { price: 10, down_payment: 8, parts: 3, unit: 'month' }, spring, [{ parameter: 'down_payment' }]],
    ['group', { tiers: [{ count: 2, amount_minor: 5 }] }, spring, [{ parameter: 'tiers' }]],
    ['group', { tiers: [{ count: 1, amount_minor: 1e12 }] }, spring, [{ parameter: 'tiers' }]],
    ['pay_what_you_want', { minimum: 5, suggestion: 4 }, spring, [{ parameter: 'suggestion' }]],
    ['pay_what_you_want', { minimum: 5, suggestion: 5, maximum: 4 }, spring, [{ parameter: 'maximum' }]],
  ])('of %s with %j', (name, parameters, offer, expected) => {
    const method = methodNamed(name);
    expect(method?.misfits?.(parameters, offer).map(({ at }) => at)).toEqual(expected);
  });
});

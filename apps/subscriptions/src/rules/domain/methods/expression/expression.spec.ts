import { describe, expect, it } from '@jest/globals';
import { orRefusal } from '#kernel/refusal.js';
import { type ParameterValues, plainChoice, type TypedParameter } from '../method.js';
import { expression } from './expression.js';

const offer = { timeZone: 'Europe/Berlin', currency: 'EUR', startDate: null, endDate: null };
const now = Temporal.Instant.from('2026-03-28T23:30:00Z');
const dated = [{ date: '2026-09-01', amount_minor: 5 }];
const given: ParameterValues = { price: 4_900, share: 2, prices: dated, until: '2026-09-01', name: 'a', fair: true };
const template: TypedParameter[] = [
  { name: 'price', kind: 'int' },
  { name: 'share', kind: 'double' },
  { name: 'prices', kind: 'list' },
  { name: 'until', kind: 'day' },
  { name: 'name', kind: 'string' },
  { name: 'fair', kind: 'bool' },
  { name: 'absent', kind: 'int' },
  ...['amount', 'start', 'end', 'orderable'].map((name) => ({ name, kind: 'string', fixed: true }) as const),
];
const plain = { amount: 'params.price', start: 'today', end: 'class.end' };

const faultsOf = (texts: ParameterValues) =>
  (expression.ruleFaults?.(template, { ...plain, ...texts }) ?? []).map(({ message }) => message);
const quoteOf = (texts: ParameterValues) =>
  orRefusal(() => expression.quote({ ...given, ...plain, ...texts }, offer, now, plainChoice, template));

describe('an expression', () => {
  it.each([
    ['params.price', 4_900],
    ['int(double(params.price) * params.share) / 3', 3_266],
    ['params.prices.filter(p, day(p.date) >= today)[0].amount_minor', 5],
    ['params.prices.map(p, int(p.amount_minor) + 1)[0]', 6],
    ['has(params.absent) ? params.absent : 7', 7],
    ['share(100, 1, 3, "up")', 34],
    ['days_between(today, params.until)', 156],
    ['weekday(today)', 7],
    ['today == day("2026-03-29") && today < params.until && params.until <= forever ? 1 : 0', 1],
    ['now < at(today, "03:00", class.zone) ? 1 : 0', 1],
    ['person.known ? 1 : size(person.email_domain)', 0],
    ['params.fair && params.name.startsWith("a") && class.currency == "EUR" ? 1 : 0', 1],
  ])('%s gives %d', (amount, expected) => {
    expect([faultsOf({ amount }), quoteOf({ amount })]).toEqual([
      [],
      expect.objectContaining({ amountMinor: expected, endDate: null }),
    ]);
  });

  it('has days of the calendar', () => {
    const texts = { start: 'add_days(later(today, params.until), 1)', end: 'add_months(day("2027-01-31"), 1)' };
    expect(faultsOf(texts)).toEqual([]);
    const { startDate, endDate } = quoteOf(texts) as { startDate: unknown; endDate: unknown };
    expect([String(startDate), String(endDate)]).toEqual(['2026-09-02', '2027-02-28']);
  });

  it.each([
    ['params.price +', /./],
    ['params.nope', /No such key: nope/],
    ['nope', /Unknown variable: nope/],
    ['params.price * params.share', /no such overload/],
    ['params.share', /type double and not int/],
    ['"1"', /type string and not int/],
    ['params.name.matches("^(a+)+$") ? 1 : 2', /the function matches is not available/],
    ['size(params.name.split(""))', /split/],
    ['cel.bind(x, params.name, size(x))', /bind/],
    ['size(params.name + params.name)', /only numbers and times are added/],
    ['size(params.prices + params.prices)', /only numbers and times are added/],
    ['params.prices.exists(p, params.prices.exists(q, q.date == p.date)) ? 1 : 0', /within exists of another/],
    ['params.prices.exists(p, p in params.prices) ? 1 : 0', /searched for each item/],
    ['params.prices.exists(p, p == p) ? 1 : 0', /compared for each item/],
    [`size(params.prices${'.filter(p, true)'.repeat(5)})`, /more than 4 lists/],
    [`${'1+'.repeat(200)}1`, /./],
    [`${'('.repeat(60)}1${')'.repeat(60)}`, /./],
    ['params.constructor', /No such key/],
  ])('%s is refused when the rule is published', (amount, expected) => {
    expect(faultsOf({ amount })).toEqual([expect.stringMatching(expected)]);
  });

  it('must be fixed', () => {
    const loose = template.map(({ fixed: _, ...parameter }) => parameter);
    const messages = (expression.ruleFaults?.(loose, plain) ?? []).map(({ message }) => message);
    expect(messages).toContain('must be fixed: the rule decides it, and no class');
  });

  it.each([
    [{ amount: '1 / (params.price - 4900)' }, 'EXPRESSION_FAILED', /amount fails: division by zero/],
    [{ amount: '-1' }, 'EXPRESSION_FAILED', /gives -1, which is no amount/],
    [{ amount: 'params.price * 1000000000' }, 'EXPRESSION_FAILED', /no amount/],
    [{ amount: 'params.absent' }, 'EXPRESSION_FAILED', /absent/],
    [{ start: 'day(params.name)' }, 'EXPRESSION_FAILED', /start fails/],
    [{ end: 'add_days(today, -1)' }, 'EXPRESSION_FAILED', /is before the first one/],
    [{ start: 'add_months(today, 1000000)' }, 'EXPRESSION_FAILED', /./],
    [{ amount: 'share(1, 1, 3, "sideways")' }, 'EXPRESSION_FAILED', /sideways is no rounding/],
    [{ orderable: 'today < day("2026-01-01")' }, 'ORDER_NOT_ACCEPTED', /cannot be ordered now/],
  ])('%j refuses the order', (texts, code, message) => {
    expect(faultsOf(texts)).toEqual([]);
    expect(quoteOf(texts)).toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

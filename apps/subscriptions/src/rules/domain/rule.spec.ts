import { describe, expect, it } from '@jest/globals';
import { Refusal } from '#kernel/refusal.js';
import { type Checks, compileSchema } from '../../parameter-types/domain/parameter-schema.js';
import { exampleOf, exampleView } from '../rule-view.js';
import { checkPublishable } from './publishing.js';
import { checkOffer, checkParameters, filledParameters, type GoldenExample, type ParameterTemplate } from './rule.js';

const checks: Checks = new Map([
  ['amount', compileSchema({ type: 'number' })],
  ['level', compileSchema({ enum: ['beginner', 'advanced'] })],
  ['anything', compileSchema({})],
]);

const anywhere = { timeZone: 'Europe/Berlin', currency: 'EUR', startDate: null, endDate: null };
const price: ParameterTemplate = { name: 'price', type: 'amount', required: true };
const level: ParameterTemplate = { name: 'level', type: 'level', required: false, default: 'beginner' };

const example: GoldenExample = exampleOf({
  title: 'an ordinary day',
  parameters: { price: 1_500 },
  ordered_at: '2026-03-02T23:30:00Z',
  time_zone: 'Europe/Berlin',
  currency: 'EUR',
  class_start: null,
  class_end: '2026-06-30',
  expect: { amount_minor: 1_500, start_date: '2026-03-03', end_date: '2026-06-30' },
});

function refusal(work: () => void): Pick<Refusal, 'code' | 'details' | 'message'> {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

function publish(template: ParameterTemplate[], examples: GoldenExample[] = [], method = 'single_payment'): void {
  checkPublishable({ method, template, examples }, checks);
}

describe('a rule can be published', () => {
  it('when its template has what the method needs', () => {
    expect(() => publish([price])).not.toThrow();
  });

  it('when the method’s parameter is not required but has a default', () => {
    expect(() => publish([{ ...price, required: false, default: 900 }])).not.toThrow();
  });

  it('with parameters that the method does not need', () => {
    expect(() => publish([price, level])).not.toThrow();
  });

  it('with a default of null, where null fits', () => {
    expect(() => publish([price, { name: 'note', type: 'anything', required: true, default: null }])).not.toThrow();
  });
});

describe('a rule cannot be published', () => {
  it.each<[string, () => void, string, Record<string, unknown>]>([
    ['with a method that nobody wrote', () => publish([price], [], 'monthly'), 'METHOD_UNKNOWN', { field: 'method' }],
    [
      'with a method named like a member of every object',
      () => publish([price], [], 'constructor'),
      'METHOD_UNKNOWN',
      { field: 'method' },
    ],
    [
      'with a type that is not there',
      () => publish([{ ...price, type: 'money' }]),
      'PARAMETER_TYPE_UNKNOWN',
      { field: 'parameters.0.type', parameter: 'price' },
    ],
    [
      'with one name twice',
      () => publish([price, level, price]),
      'PARAMETER_TEMPLATE_INVALID',
      { field: 'parameters.2.name', parameter: 'price' },
    ],
    [
      'without what the method needs',
      () => publish([level]),
      'PARAMETER_TEMPLATE_INVALID',
      { field: 'parameters', parameter: 'price' },
    ],
    [
      'when what the method needs may be missing',
      () => publish([{ ...price, required: false }]),
      'PARAMETER_TEMPLATE_INVALID',
      { field: 'parameters', parameter: 'price' },
    ],
    [
      'with a default that does not fit its type',
      () => publish([price, { ...level, default: 'expert' }]),
      'PARAMETER_TEMPLATE_INVALID',
      { field: 'parameters.1.default', parameter: 'level' },
    ],
    [
      'with a default that the method cannot use',
      () => publish([{ ...price, default: 9.5 }]),
      'PARAMETER_TEMPLATE_INVALID',
      { field: 'parameters.0.default', parameter: 'price' },
    ],
  ])('%s', (_, work, code, details) => {
    const refused = refusal(work);
    expect([refused.code, refused.details]).toEqual([code, expect.objectContaining(details)]);
  });
});

describe('golden examples', () => {
  it('let a version be published when they hold', () => {
    expect(() => publish([price], [example])).not.toThrow();
  });

  it.each<[string, GoldenExample, RegExp]>([
    [
      'another amount',
      { ...example, expect: { ...example.expect, amountMinor: 1_499 } },
      /amount_minor is 1500 and not 1499/,
    ],
    [
      'another start',
      { ...example, expect: { ...example.expect, startDate: Temporal.PlainDate.from('2026-03-02') } },
      /start_date is 2026-03-03 and not 2026-03-02/,
    ],
    [
      'another end',
      { ...example, expect: { ...example.expect, endDate: null } },
      /end_date is 2026-06-30 and not null/,
    ],
    ['a parameter that does not fit', { ...example, parameters: { price: -1 } }, /price does not fit/],
    ['no such zone', { ...example, offer: { ...example.offer, timeZone: 'IST' } }, /IST is no IANA time zone/],
    ['a class that has ended', { ...example, orderedAt: Temporal.Instant.from('2026-07-01T09:00:00Z') }, /ended/],
  ])('stop it when one has %s', (_, failing, says) => {
    const refused = refusal(() => publish([price], [example, failing]));
    expect([refused.code, refused.details.field, refused.details.example]).toEqual([
      'EXAMPLE_FAILED',
      'examples.1',
      'an ordinary day',
    ]);
    expect(refused.message).toMatch(says);
  });

  it('that fail are all named', () => {
    const expecting = (change: object): GoldenExample => ({ ...example, expect: { ...example.expect, ...change } });
    const failing = [expecting({ amountMinor: 1 }), example, expecting({ endDate: null, amountMinor: 2 })];
    expect(refusal(() => publish([price], failing)).details.errors).toEqual([
      { field: 'examples.0', code: 'EXAMPLE_FAILED', message: 'amount_minor is 1500 and not 1' },
      {
        field: 'examples.2',
        code: 'EXAMPLE_FAILED',
        message: 'amount_minor is 1500 and not 2; end_date is 2026-06-30 and not null',
      },
    ]);
  });

  it('go over the wire and come back the same', () => {
    expect(exampleView(exampleOf(exampleView(example)))).toEqual(exampleView(example));
  });
});

describe('the parameters of a class', () => {
  const rule = { method: 'single_payment', template: [price, level] };

  it.each<[Record<string, unknown>]>([
    [{ price: 0 }],
    [{ price: 1_000_000_000_000 }],
    [{ price: 1_500, level: 'advanced' }],
  ])('%j fit', (given) => {
    expect(() => checkParameters(rule, given, checks, anywhere)).not.toThrow();
  });

  it.each<[unknown, string, string]>([
    [{}, 'PARAMETER_MISSING', 'price'],
    [{ price: '15.00' }, 'PARAMETER_INVALID', 'price'],
    [{ price: -1 }, 'PARAMETER_INVALID', 'price'],
    [{ price: 0.5 }, 'PARAMETER_INVALID', 'price'],
    [{ price: 1_000_000_000_001 }, 'PARAMETER_INVALID', 'price'],
    [{ price: null }, 'PARAMETER_INVALID', 'price'],
    [{ price: [1_500] }, 'PARAMETER_INVALID', 'price'],
    [{ price: 1_500, level: 'expert' }, 'PARAMETER_INVALID', 'level'],
    [{ price: 1_500, level: undefined }, 'PARAMETER_INVALID', 'level'],
    [{ price: 1_500, discount: 5 }, 'PARAMETER_UNKNOWN', 'discount'],
    [{ price: 1_500, constructor: 5 }, 'PARAMETER_UNKNOWN', 'constructor'],
    [JSON.parse('{"price": 1500, "__proto__": {"level": "x"}}'), 'PARAMETER_UNKNOWN', '__proto__'],
  ])('%j are refused with %s, naming %s', (given, code, parameter) => {
    const refused = refusal(() => checkParameters(rule, given as Record<string, unknown>, checks, anywhere));
    expect([refused.code, refused.details]).toEqual([code, { field: ['parameters', parameter], parameter }]);
  });

  it('at fault are all named, with the member of a value', () => {
    const list: ParameterTemplate = { name: 'days', type: 'days', required: true };
    const days: Checks = new Map([...checks, ['days', compileSchema({ items: { enum: ['mon'] } })]]);
    const given = { days: ['mon', 'tue'], level: 'expert', extra: 1 };
    const refused = refusal(() => checkParameters({ ...rule, template: [price, level, list] }, given, days, anywhere));
    expect([refused.code, refused.details.field, refused.details.parameter]).toEqual([
      'PARAMETER_UNKNOWN',
      ['parameters', 'extra'],
      'extra',
    ]);
    expect(refused.details.errors).toMatchObject([
      { field: ['parameters', 'extra'], code: 'PARAMETER_UNKNOWN' },
      { field: ['parameters', 'price'], code: 'PARAMETER_MISSING' },
      { field: ['parameters', 'level'], code: 'PARAMETER_INVALID' },
      { field: ['parameters', 'days', '1'], code: 'PARAMETER_INVALID' },
    ]);
  });

  it('are filled with the defaults of the template', () => {
    expect(filledParameters(rule, { price: 1_500 })).toEqual({ level: 'beginner', price: 1_500 });
    expect(filledParameters(rule, { price: 1_500, level: 'advanced' })).toEqual({ level: 'advanced', price: 1_500 });
  });
});

describe('the terms of an offer', () => {
  const offer = { timeZone: 'Asia/Calcutta', currency: 'INR', startDate: null, endDate: null };
  const day = (text: string) => Temporal.PlainDate.from(text);

  it('may name a zone by a link', () => {
    expect(() => checkOffer(offer)).not.toThrow();
  });

  it.each([
    [{ ...offer, timeZone: 'IST' }, 'TIME_ZONE_UNKNOWN'],
    [{ ...offer, timeZone: '+05:30' }, 'TIME_ZONE_UNKNOWN'],
    [{ ...offer, timeZone: 'Mars/Olympus' }, 'TIME_ZONE_UNKNOWN'],
    [{ ...offer, currency: 'ZZZ' }, 'CURRENCY_UNKNOWN'],
    [{ ...offer, startDate: day('2026-04-02'), endDate: day('2026-04-01') }, 'DATES_REVERSED'],
  ])('%o is refused with %s', (bad, code) => {
    expect(refusal(() => checkOffer(bad)).code).toBe(code);
  });
});

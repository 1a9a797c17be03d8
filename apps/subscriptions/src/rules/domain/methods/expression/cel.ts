import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import type { ValueKind } from '../../../../parameter-types/domain/parameter-schema.js';
import { laterOf } from '../calendar.js';
import { daysOfWeek } from '../prorated.js';
import { type Rounding, roundings, shareOf } from '../shares.js';
import { boundlessness, parserLimits } from './cel-bounds.js';

type Day = Temporal.PlainDate;

/** The day that stands for an open end. */
export const forever = Temporal.PlainDate.from('9999-12-31');

/** The functions of expressions beside those of CEL, by signature. */
const helpers: Readonly<Record<string, (...values: never[]) => unknown>> = {
  'day(string): Day': (text: string) => Temporal.PlainDate.from(text),
  'add_days(Day, int): Day': (day: Day, days: bigint) => day.add({ days: Number(days) }),
  'add_months(Day, int): Day': (day: Day, months: bigint) => day.add({ months: Number(months) }),
  'days_between(Day, Day): int': (from: Day, to: Day) => BigInt(from.until(to).days),
  'weekday(Day): int': (day: Day) => BigInt(day.dayOfWeek),
  'weekdays_between(list, Day, Day): int': (onDays: readonly bigint[], first: Day, last: Day) =>
    BigInt(daysOfWeek(onDays.map(Number), first, last)),
  'earlier(Day, Day): Day': (left: Day, right: Day) => (laterOf(left, right) === left ? right : left),
  'later(Day, Day): Day': laterOf,
  'at(Day, string, string): google.protobuf.Timestamp': (day: Day, time: string, zone: string) =>
    new Date(day.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds),
  'share(int, int, int, string): int': (amount: bigint, numerator: bigint, denominator: bigint, rounding: string) =>
    BigInt(shareOf(Number(amount), Number(numerator), Number(denominator), roundingOf(rounding))),
};
const helperNames = new Set(Object.keys(helpers).map((signature) => signature.replace(/\(.*/, '')));

function roundingOf(name: string): Rounding {
  const rounding = roundings.find((known) => known === name);
  if (!rounding) throw new Error(`${name} is no rounding; there are ${roundings.join(', ')}`);
  return rounding;
}

const orders = {
  '<': (left: number) => left < 0,
  '<=': (left: number) => left <= 0,
  '>': (left: number) => left > 0,
  '>=': (left: number) => left >= 0,
  '==': (left: number) => left === 0,
} as const;

const celTypes: Readonly<Record<ValueKind, string>> = {
  int: 'int',
  double: 'double',
  string: 'string',
  day: 'Day',
  bool: 'bool',
  list: 'list',
  map: 'map',
  dyn: 'dyn',
};

/** The environment of all expressions, but for the parameters of the rule. */
const shared = new Environment({ limits: parserLimits });
shared.registerType('Day', { ctor: Temporal.PlainDate, fields: {} });
for (const [operator, holds] of Object.entries(orders)) {
  shared.registerOperator(`Day ${operator} Day`, (left: Day, right: Day) =>
    holds(Temporal.PlainDate.compare(left, right)),
  );
}
for (const [signature, helper] of Object.entries(helpers)) shared.registerFunction(signature, helper);
shared
  .registerConstant('forever', 'Day', forever)
  .registerVariable('now', 'google.protobuf.Timestamp')
  .registerVariable('today', 'Day')
  .registerVariable('class', { schema: { start: 'Day', end: 'Day', zone: 'string', currency: 'string' } })
  .registerVariable('person', {
    schema: { known: 'bool', registered_at: 'google.protobuf.Timestamp', registered_on: 'Day', email_domain: 'string' },
  });

/** The environment of expressions of a rule with parameters of these kinds. */
export function environmentOf(kinds: ReadonlyMap<string, ValueKind>): Environment {
  const schema = Object.fromEntries([...kinds].map(([name, kind]) => [name, celTypes[kind]]));
  const environment = shared.clone();
  return kinds.size === 0 ? environment : environment.registerVariable('params', { schema });
}

/** An expression that may run, or why it may not, in words. */
export type Compiled = { readonly run: ParseResult } | { readonly fault: string };

/** Parses an expression, checks its types and its cost, and that it gives a value of one of these types. */
export function compile(environment: Environment, text: string, resultTypes: readonly string[]): Compiled {
  let run: ParseResult;
  try {
    run = environment.parse(text);
  } catch (error) {
    return { fault: sentenceOf(error) };
  }
  const { valid, type = 'dyn', error } = run.check();
  if (!valid) return { fault: sentenceOf(error) };
  const boundless = boundlessness(run.ast, helperNames);
  if (boundless) return { fault: boundless };
  if (type !== 'dyn' && !resultTypes.includes(type)) {
    return { fault: `it gives a value of the type ${type} and not ${resultTypes.join(' or ')}` };
  }
  return { run };
}

/** A value of a parameter as expressions see it: whole numbers have any size, and a day is a day. */
export function celValue(value: unknown, kind: ValueKind): unknown {
  if (kind === 'day') return Temporal.PlainDate.from(value as string);
  if (typeof value === 'number') return kind === 'double' || !Number.isInteger(value) ? value : BigInt(value);
  if (Array.isArray(value)) return value.map((item) => celValue(item, 'dyn'));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, celValue(member, 'dyn')]));
}

/** The sentence of the library without its drawing of the place. */
export function sentenceOf(error: unknown): string {
  const { summary, message } = error as { summary?: string; message: string };
  return (summary ?? message.split('\n')[0] ?? message).trim();
}

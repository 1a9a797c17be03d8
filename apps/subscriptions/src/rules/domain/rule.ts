import { assert } from '#kernel/assert.js';
import { isTimeZone } from '#kernel/clock.js';
import { isCurrency } from '#kernel/money.js';
import { Refusal } from '#kernel/refusal.js';
import { type Checks, complaintOf, type ValueKind } from '../../parameter-types/domain/parameter-schema.js';
import { hasEnded } from './methods/calendar.js';
import {
  type Choice,
  type Method,
  type Offer,
  type ParameterValues,
  type Period,
  plainChoice,
  type Quote,
} from './methods/method.js';
import { methodNamed, unmetNeed } from './methods/registry.js';

/** One parameter of a rule. Classes give it a value. */
export interface ParameterTemplate {
  readonly name: string;
  /** The name of a parameter type. */
  readonly type: string;
  readonly required: boolean;
  /** The value where a class gives none. Absent means no default; null is a value. */
  readonly default?: unknown;
  /** Whether every class has the default, and gives no value of its own. */
  readonly fixed?: boolean | undefined;
  /** The only values that a class may give. */
  readonly choices?: readonly string[] | undefined;
  /** The kind of the values of its type, stored when the version is published. */
  readonly kind?: ValueKind;
}

/** Inputs and the result that the author of a rule expects. */
export interface GoldenExample {
  readonly title: string;
  readonly parameters: ParameterValues;
  readonly orderedAt: Temporal.Instant;
  readonly offer: Offer;
  readonly choice: Choice;
  readonly expect: Pick<Quote, 'amountMinor' | 'startDate' | 'endDate'>;
}

/** A published version of a rule. It never changes. */
export interface RuleVersion {
  readonly ruleId: string;
  /** From 1, without gaps. */
  readonly version: number;
  readonly title: string;
  readonly description: string;
  readonly method: string;
  readonly template: readonly ParameterTemplate[];
  readonly examples: readonly GoldenExample[];
  readonly publishedAt: Temporal.Instant;
}

/** The key of a version. */
export type VersionKey = Pick<RuleVersion, 'ruleId' | 'version'>;

/** The key as a text, for maps. */
export function keyOf({ ruleId, version }: VersionKey): string {
  return `${ruleId}@${version}`;
}

/** What decides the price: a published version, or one that is not published yet. */
export type RuleDraft = Pick<RuleVersion, 'method' | 'template'>;

/** What is wrong with one parameter of a class. */
export interface ParameterFault {
  readonly code: 'PARAMETER_MISSING' | 'PARAMETER_UNKNOWN' | 'PARAMETER_INVALID';
  readonly parameter: string;
  /** The names and indexes that lead from the parameters to the member at fault. */
  readonly path: readonly string[];
  readonly message: string;
}

/** What is wrong with the values of a class, by the field of the class. */
interface TermsFault {
  readonly field: string | readonly string[];
  readonly code: ParameterFault['code'] | 'DATES_REQUIRED';
  readonly message: string;
}

/**
 * Checks the values that a class gives to the parameters of a rule, one by one and then together and with the class.
 * @throws Refusal PARAMETER_MISSING, PARAMETER_UNKNOWN, PARAMETER_INVALID or DATES_REQUIRED. It names the first
 * parameter at fault, and all of them in `errors`
 */
export function checkParameters(rule: RuleDraft, given: ParameterValues, checks: Checks, offer: Offer): void {
  const single = parameterFaults(rule, given, checks).map(({ path, code, message }): TermsFault => {
    return { field: ['parameters', ...path], code, message };
  });
  const errors = single.length > 0 ? single : misfitsOf(rule, given, offer);
  const [first] = errors;
  if (!first) return;
  const parameter = typeof first.field === 'string' ? undefined : first.field[1];
  throw new Refusal(first.code, first.message, {
    field: first.field,
    ...(parameter !== undefined && { parameter }),
    ...(errors.length > 1 && { errors }),
  });
}

function misfitsOf(rule: RuleDraft, given: ParameterValues, offer: Offer): TermsFault[] {
  const misfits = methodOf(rule).misfits?.(filledParameters(rule, given), offer) ?? [];
  return misfits.map(({ at, message }) => {
    if ('member' in at) return { field: at.member, code: 'DATES_REQUIRED', message: `The class ${message}.` };
    const { parameter } = at;
    const field = ['parameters', parameter];
    return { field, code: 'PARAMETER_INVALID', message: `The parameter ${parameter} ${message}.` };
  });
}

/** What is wrong with the values that a class gives to the parameters of a rule: unknown ones first. */
export function parameterFaults(rule: RuleDraft, given: ParameterValues, checks: Checks): ParameterFault[] {
  const { template } = rule;
  const method = methodOf(rule);
  const unknown = Object.keys(given).filter((name) => !template.some((parameter) => parameter.name === name));
  return [
    ...unknown.map((parameter): ParameterFault => {
      const message = `The rule has no parameter ${parameter}.`;
      return { code: 'PARAMETER_UNKNOWN', parameter, path: [parameter], message };
    }),
    ...template.flatMap((parameter) => faultOf(method, parameter, given, checks) ?? []),
  ];
}

function faultOf(
  method: Method,
  parameter: ParameterTemplate,
  given: ParameterValues,
  checks: Checks,
): ParameterFault | undefined {
  const { name, type, required, fixed } = parameter;
  if (!Object.hasOwn(given, name)) {
    if (!required || Object.hasOwn(parameter, 'default')) return undefined;
    const message = `The parameter ${name} is required.`;
    return { code: 'PARAMETER_MISSING', parameter: name, path: [name], message };
  }
  if (fixed) {
    const message = `The parameter ${name} is fixed by the rule.`;
    return { code: 'PARAMETER_INVALID', parameter: name, path: [name], message };
  }
  const check = checks.get(type);
  assert(check, `the type ${type} of a published rule exists`);
  const faults = check(given[name]);
  const wrong = complaintOf(faults) ?? unmetNeed(method, name, given[name]) ?? notAmong(parameter, given[name]);
  if (wrong === null) return undefined;
  const message = `The parameter ${name} does not fit: ${wrong}.`;
  return { code: 'PARAMETER_INVALID', parameter: name, path: [name, ...(faults[0]?.path ?? [])], message };
}

/** The choices in words, if the value is none of them; else null. */
export function notAmong({ choices }: Pick<ParameterTemplate, 'choices'>, value: unknown): string | null {
  if (choices === undefined || choices.some((choice) => choice === value)) return null;
  return `must be one of ${choices.join(', ')}`;
}

/** The values of a class, completed by the defaults of the template. */
export function filledParameters({ template }: Pick<RuleVersion, 'template'>, given: ParameterValues): ParameterValues {
  const defaults = template.filter((parameter) => Object.hasOwn(parameter, 'default'));
  return { ...Object.fromEntries(defaults.map((parameter) => [parameter.name, parameter.default])), ...given };
}

/** The first periods of a subscription, and whether more follow. Without later periods there are none. */
export interface PlannedPeriods {
  readonly periods: readonly Period[];
  readonly more: boolean;
}

/** The first periods of a subscription that is ordered at `now`, that of the order too. */
export function plannedPeriods(
  rule: RuleDraft,
  parameters: ParameterValues,
  offer: Offer,
  now: Temporal.Instant,
  count: number,
): PlannedPeriods {
  const { plan } = methodOf(rule);
  if (!plan) return { periods: [], more: false };
  const filled = filledParameters(rule, parameters);
  const anchor = plan.anchor(filled, offer, now);
  const periods: Period[] = [];
  for (let n = 0; n <= count; n += 1) {
    const period = plan.period(filled, offer, anchor, n);
    if (!period) return { periods, more: false };
    if (n === count) break;
    periods.push(period);
  }
  return { periods, more: true };
}

/** The method of a rule whose method was checked. */
export function methodOf({ method: name }: Pick<RuleVersion, 'method'>): Method {
  const method = methodNamed(name);
  assert(method, `the method ${name} of a published rule exists`);
  return method;
}

/**
 * Quotes an order made at `now`. The parameters were checked when they were saved.
 * @throws Refusal CLASS_ENDED, and those of the method
 */
export function quoteBy(
  rule: RuleDraft,
  parameters: ParameterValues,
  offer: Offer,
  now: Temporal.Instant,
  choice: Choice = plainChoice,
): Quote {
  if (hasEnded(offer, now)) {
    throw new Refusal('CLASS_ENDED', `The class ended on ${offer.endDate}.`, { end_date: String(offer.endDate) });
  }
  const method = methodOf(rule);
  refuseChoice(method, choice);
  return method.quote(filledParameters(rule, parameters), offer, now, choice, rule.template);
}

function refuseChoice({ takesSeats, choosable }: Method, { seats, amountMinor }: Choice): void {
  if (seats > 1 && !takesSeats) {
    throw new Refusal('TOO_MANY_SEATS', 'This class is ordered one seat at a time.', { field: 'seats', limit: 1 });
  }
  if (amountMinor === null || choosable) return;
  const says = 'This class has a price; its amount cannot be chosen.';
  throw new Refusal('AMOUNT_NOT_CHOOSABLE', says, { field: 'chosen_amount_minor' });
}

/** The steps of a quote as one text. */
export function explain({ trace }: Pick<Quote, 'trace'>): string {
  return trace.map(({ explanation }) => explanation).join(' ');
}

/** Checks zone, currency and days of a class. @throws Refusal TIME_ZONE_UNKNOWN, CURRENCY_UNKNOWN, DATES_REVERSED */
export function checkOffer({ timeZone, currency, startDate, endDate }: Offer): void {
  if (!isTimeZone(timeZone)) {
    const message = `${timeZone} is no IANA time zone name, such as Europe/Berlin.`;
    throw new Refusal('TIME_ZONE_UNKNOWN', message, { field: 'time_zone' });
  }
  if (!isCurrency(currency)) {
    throw new Refusal('CURRENCY_UNKNOWN', `${currency} is no ISO 4217 currency.`, { field: 'currency' });
  }
  if (startDate && endDate && Temporal.PlainDate.compare(endDate, startDate) < 0) {
    const message = `The class would end on ${endDate}, before it starts on ${startDate}.`;
    throw new Refusal('DATES_REVERSED', message, { field: 'end_date' });
  }
}

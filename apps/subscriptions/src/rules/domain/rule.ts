import { assert } from '#kernel/assert.js';
import { isTimeZone } from '#kernel/clock.js';
import { isCurrency } from '#kernel/money.js';
import { Refusal } from '#kernel/refusal.js';
import type { Checks } from '../../parameter-types/domain/parameter-schema.js';
import { hasEnded } from './methods/calendar.js';
import type { Method, Offer, ParameterValues, Quote } from './methods/method.js';
import { methodNamed, methodNames } from './methods/registry.js';

/** One parameter of a rule. Classes give it a value. */
export interface ParameterTemplate {
  readonly name: string;
  /** The name of a parameter type. */
  readonly type: string;
  readonly required: boolean;
  /** The value where a class gives none. Absent means no default; null is a value. */
  readonly default?: unknown;
}

/** Inputs and the result that the author of a rule expects. */
export interface GoldenExample {
  readonly title: string;
  readonly parameters: ParameterValues;
  readonly orderedAt: Temporal.Instant;
  readonly offer: Offer;
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

type Draft = Pick<RuleVersion, 'method' | 'template' | 'examples'>;

/**
 * Checks a new version: its method exists, its template fits the method and the parameter types, and each golden
 * example gives the expected result.
 * @throws Refusal METHOD_UNKNOWN, PARAMETER_TYPE_UNKNOWN, PARAMETER_TEMPLATE_INVALID, EXAMPLE_FAILED
 */
export function checkPublishable(draft: Draft, checks: Checks): void {
  const method = methodNamed(draft.method);
  if (!method) {
    const message = `There is no method ${draft.method}; there are ${methodNames.join(', ')}.`;
    throw new Refusal('METHOD_UNKNOWN', message, { field: 'method', methods: methodNames });
  }
  checkTemplate(draft.template, method, checks);
  draft.examples.forEach((example, index) => {
    runExample(draft, example, index, checks);
  });
}

function checkTemplate(template: readonly ParameterTemplate[], method: Method, checks: Checks): void {
  const names = new Set<string>();
  template.forEach((parameter, index) => {
    const { name, type } = parameter;
    if (names.has(name)) throw badTemplate(name, `parameters.${index}.name`, 'is there twice');
    names.add(name);
    const check = checks.get(type);
    if (!check) {
      throw new Refusal('PARAMETER_TYPE_UNKNOWN', `There is no parameter type ${type}, which ${name} has.`, {
        field: `parameters.${index}.type`,
        parameter: name,
      });
    }
    if (!Object.hasOwn(parameter, 'default')) return;
    const wrong = check(parameter.default) ?? unmet(method, name, parameter.default);
    if (wrong) throw badTemplate(name, `parameters.${index}.default`, `has a default that does not fit: ${wrong}`);
  });
  for (const name of Object.keys(method.needs)) {
    const parameter = template.find((candidate) => candidate.name === name);
    if (!parameter) throw badTemplate(name, 'parameters', `is missing: the method ${method.name} needs it`);
    if (!parameter.required && !Object.hasOwn(parameter, 'default')) {
      throw badTemplate(name, 'parameters', `must be required or have a default: the method ${method.name} needs it`);
    }
  }
}

/**
 * Checks the values that a class gives to the parameters of a rule.
 * @throws Refusal PARAMETER_MISSING, PARAMETER_UNKNOWN or PARAMETER_INVALID, naming the parameter
 */
export function checkParameters(
  { method: methodName, template }: Pick<RuleVersion, 'method' | 'template'>,
  given: ParameterValues,
  checks: Checks,
): void {
  const method = methodNamed(methodName);
  assert(method, `the method ${methodName} of a published rule exists`);
  for (const name of Object.keys(given)) {
    if (!template.some((parameter) => parameter.name === name)) {
      throw new Refusal('PARAMETER_UNKNOWN', `The rule has no parameter ${name}.`, named(name));
    }
  }
  for (const { name, type, required, ...rest } of template) {
    if (Object.hasOwn(given, name)) {
      const check = checks.get(type);
      assert(check, `the type ${type} of a published rule exists`);
      const wrong = check(given[name]) ?? unmet(method, name, given[name]);
      if (wrong) throw new Refusal('PARAMETER_INVALID', `The parameter ${name} does not fit: ${wrong}.`, named(name));
    } else if (required && !Object.hasOwn(rest, 'default')) {
      throw new Refusal('PARAMETER_MISSING', `The parameter ${name} is required.`, named(name));
    }
  }
}

/** The values of a class, completed by the defaults of the template. */
export function filledParameters({ template }: Pick<RuleVersion, 'template'>, given: ParameterValues): ParameterValues {
  const defaults = template.filter((parameter) => Object.hasOwn(parameter, 'default'));
  return { ...Object.fromEntries(defaults.map((parameter) => [parameter.name, parameter.default])), ...given };
}

/**
 * Quotes an order made at `now`. The parameters were checked when they were saved.
 * @throws Refusal CLASS_ENDED
 */
export function quoteBy(
  rule: Pick<RuleVersion, 'method' | 'template'>,
  parameters: ParameterValues,
  offer: Offer,
  now: Temporal.Instant,
): Quote {
  const method = methodNamed(rule.method);
  assert(method, `the method ${rule.method} of a published rule exists`);
  if (hasEnded(offer, now)) {
    throw new Refusal('CLASS_ENDED', `The class ended on ${offer.endDate}.`, { end_date: String(offer.endDate) });
  }
  return method.quote(filledParameters(rule, parameters), offer, now);
}

/** The steps of a quote as one text. */
export function explain({ trace }: Pick<Quote, 'trace'>): string {
  return trace.map(({ explanation }) => explanation).join(' ');
}

function runExample(draft: Draft, example: GoldenExample, index: number, checks: Checks): void {
  const outcome = outcomeOf(draft, example, checks);
  const differing = outcome instanceof Refusal ? [outcome.message] : differences(example.expect, outcome);
  if (differing.length === 0) return;
  throw new Refusal('EXAMPLE_FAILED', `The example “${example.title}” does not hold: ${differing.join('; ')}`, {
    field: `examples.${index}`,
    example: example.title,
    differences: differing,
  });
}

function outcomeOf(draft: Draft, { parameters, offer, orderedAt }: GoldenExample, checks: Checks): Quote | Refusal {
  try {
    checkOffer(offer);
    checkParameters(draft, parameters, checks);
    return quoteBy(draft, parameters, offer, orderedAt);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
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

function differences(expected: GoldenExample['expect'], actual: Quote): string[] {
  const members = [
    ['amount_minor', expected.amountMinor, actual.amountMinor],
    ['start_date', expected.startDate, actual.startDate],
    ['end_date', expected.endDate, actual.endDate],
  ] as const;
  return members
    .filter(([, wanted, found]) => String(wanted) !== String(found))
    .map(([member, wanted, found]) => `${member} is ${found} and not ${wanted}`);
}

function unmet(method: Method, name: string, value: unknown): string | null {
  const need = Object.hasOwn(method.needs, name) ? method.needs[name] : undefined;
  return !need || need.isMetBy(value) ? null : `the method ${method.name} needs ${need.requirement}`;
}

function badTemplate(parameter: string, field: string, says: string): Refusal {
  return new Refusal('PARAMETER_TEMPLATE_INVALID', `The parameter ${parameter} ${says}.`, { field, parameter });
}

function named(parameter: string) {
  return { field: ['parameters', parameter], parameter };
}

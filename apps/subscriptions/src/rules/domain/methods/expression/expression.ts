import type { ParseResult } from '@marcbachmann/cel-js';
import { localDay } from '#kernel/clock.js';
import { AMOUNT_MINOR_MAX, formatMoney } from '#kernel/money.js';
import { Refusal } from '#kernel/refusal.js';
import type { ValueKind } from '../../../../parameter-types/domain/parameter-schema.js';
import type { Choice, Method, Misfit, Need, Offer, ParameterValues, TraceStep, TypedParameter } from '../method.js';
import { type Compiled, celValue, compile, environmentOf, forever, sentenceOf } from './cel.js';

/** The types of CEL that each expression may give. */
const results = { amount: ['int'], start: ['Day'], end: ['Day'], orderable: ['bool'] } as const;
type Part = keyof typeof results;
const parts = Object.keys(results) as Part[];

function anExpression(gives: string): Need {
  return {
    requirement: `an expression in CEL that gives ${gives}`,
    schema: { type: 'string', minLength: 1, maxLength: 1_000 },
  };
}

/** Amount and days by expressions of the rule's author. */
export const expression: Method = {
  name: 'expression',
  about:
    'Computes amount, first and last day by expressions in CEL over params, person, class, today and now; the expression ' +
    'orderable says whether an order is accepted.',
  needs: {
    amount: anExpression('a whole number of minor units'),
    start: anExpression('the first day'),
    end: anExpression('the last day, or forever'),
  },
  options: { orderable: anExpression('true where an order is accepted') },
  readsPerson: true,
  ruleFaults(template, defaults) {
    const compiled = compiledOf(defaults, template);
    return parts.flatMap((parameter): Misfit[] => {
      const at = { parameter };
      const typed = template.find(({ name }) => name === parameter);
      if (!typed) return [];
      if (!typed.fixed) return [{ at, message: 'must be fixed: the rule decides it, and no class' }];
      const part = compiled[parameter];
      return part && 'fault' in part ? [{ at, message: `is no expression that can be used: ${part.fault}` }] : [];
    });
  },
  quote(parameters, offer, now, choice, template) {
    const compiled = compiledOf(parameters, template);
    const variables = variablesOf(parameters, template, { offer, now, choice });
    const give = (part: Part) => evaluate(part, compiled[part], variables);
    if (compiled.orderable && give('orderable') !== true) {
      throw new Refusal('ORDER_NOT_ACCEPTED', 'This class cannot be ordered now.');
    }
    const amountMinor = amountOf(give('amount'));
    const startDate = dayOf('start', give('start'));
    const lastDay = dayOf('end', give('end'));
    if (Temporal.PlainDate.compare(lastDay, startDate) < 0) {
      throw failed('end', `the last day, ${lastDay}, is before the first one, ${startDate}`);
    }
    const endDate = lastDay.equals(forever) ? null : lastDay;
    const costs = formatMoney({ amountMinor, currency: offer.currency });
    const by = (part: Part) => `by the expression ${parameters[part]}`;
    const trace: TraceStep[] = [
      { step: 'amount', explanation: `It costs ${costs}, ${by('amount')}.`, zone: offer.timeZone },
      { step: 'start', explanation: `It starts on ${startDate}, ${by('start')}.`, zone: offer.timeZone },
      {
        step: 'end',
        explanation: endDate ? `It ends on ${endDate}, that day included, ${by('end')}.` : 'It has no end.',
        zone: offer.timeZone,
      },
    ];
    return { amountMinor, startDate, endDate, trace };
  },
};

type CompiledParts = Readonly<Partial<Record<Part, Compiled>>>;

/** Expressions of published rules never change, so each is compiled once. */
const cache = new Map<string, CompiledParts>();
/** Beyond it the cache is cleared; rules are few. */
const cachedMax = 500;

function compiledOf(parameters: ParameterValues, template: readonly TypedParameter[]): CompiledParts {
  const kinds = kindsOf(template);
  const texts = parts.flatMap((part) =>
    typeof parameters[part] === 'string' ? [[part, parameters[part]] as const] : [],
  );
  const key = JSON.stringify([texts, [...kinds]]);
  const cached = cache.get(key);
  if (cached) return cached;
  const environment = environmentOf(kinds);
  const compiled = Object.fromEntries(
    texts.map(([part, text]) => [part, compile(environment, text as string, results[part])]),
  );
  if (cache.size >= cachedMax) cache.clear();
  cache.set(key, compiled);
  return compiled;
}

/** The kinds of the parameters that expressions see: all but the expressions themselves. */
function kindsOf(template: readonly TypedParameter[]): ReadonlyMap<string, ValueKind> {
  const seen = template.filter(({ name }) => !Object.hasOwn(results, name));
  return new Map(seen.map(({ name, kind = 'dyn' }) => [name, kind]));
}

interface Circumstances {
  readonly offer: Offer;
  readonly now: Temporal.Instant;
  readonly choice: Choice;
}

function variablesOf(
  parameters: ParameterValues,
  template: readonly TypedParameter[],
  { offer, now, choice: { person } }: Circumstances,
): Readonly<Record<string, unknown>> {
  const today = localDay(now, offer.timeZone);
  const registeredAt = person?.registeredAt ?? now;
  const given = [...kindsOf(template)].filter(([name]) => Object.hasOwn(parameters, name));
  return {
    now: new Date(now.epochMilliseconds),
    today,
    params: Object.fromEntries(given.map(([name, kind]) => [name, celValue(parameters[name], kind)])),
    class: {
      start: offer.startDate ?? today,
      end: offer.endDate ?? forever,
      zone: offer.timeZone,
      currency: offer.currency,
    },
    person: {
      known: person !== null,
      registered_at: new Date(registeredAt.epochMilliseconds),
      registered_on: localDay(registeredAt, offer.timeZone),
      email_domain: person?.emailDomain ?? '',
    },
  };
}

function evaluate(part: Part, compiled: Compiled | undefined, variables: Readonly<Record<string, unknown>>): unknown {
  if (!compiled || 'fault' in compiled) throw failed(part, compiled?.fault ?? 'it is missing');
  return resultOf(part, compiled.run, variables);
}

function resultOf(part: Part, run: ParseResult, variables: Readonly<Record<string, unknown>>): unknown {
  try {
    return run(variables);
  } catch (error) {
    throw failed(part, sentenceOf(error));
  }
}

function amountOf(value: unknown): number {
  const amountMinor = typeof value === 'bigint' ? Number(value) : Number.NaN;
  if (amountMinor >= 0 && amountMinor <= AMOUNT_MINOR_MAX) return amountMinor;
  throw failed('amount', `it gives ${String(value)}, which is no amount in minor units`);
}

function dayOf(part: 'start' | 'end', value: unknown): Temporal.PlainDate {
  const isDay = value instanceof Temporal.PlainDate && value.year >= 1 && value.year <= 9999;
  if (isDay) return value;
  throw failed(part, `it gives ${String(value)}, which is no day`);
}

/** An expression has no usable result for this class and instant. */
function failed(part: Part, why: string): Refusal {
  return new Refusal('EXPRESSION_FAILED', `The expression of the rule for ${part} fails: ${why}.`, {
    expression: part,
  });
}

import type { z } from 'zod';
import type {
  exampleOutcome,
  ruleInputs,
  rulePreview,
  ruleQuote,
  subscriptionMethod,
} from '#contracts/subscriptions/rule-previews.js';
import { periodsShown, ruleBody } from '#contracts/subscriptions/rules.js';
import { type FieldError, pointerTo } from '#http/problem.js';
import { Refusal } from '#kernel/refusal.js';
import type { ExampleOutcome, RuleInputs } from './domain/golden-examples.js';
import type { Method, Quote } from './domain/methods/method.js';
import { usedBy } from './domain/methods/registry.js';
import { samples } from './domain/methods/samples/samples.js';
import { explain, type GoldenExample, plannedPeriods, type RuleDraft } from './domain/rule.js';
import { choiceOf, offerOf, periodsView } from './rule-view.js';

export function methodView(method: Method): z.output<typeof subscriptionMethod> {
  const { name, about, needs } = method;
  const properties = Object.fromEntries(
    Object.entries(usedBy(method)).map(([parameter, { requirement, schema }]) => {
      return [parameter, { description: `Must be ${requirement}.`, ...schema }];
    }),
  );
  return {
    name,
    about,
    needs: { type: 'object', properties, required: Object.keys(needs) },
    has_periods: method.plan !== undefined,
    samples: samples.filter((sample) => sample.method === name).map((sample) => ruleBody.parse(sample)),
  };
}

export function inputsOf(inputs: z.output<typeof ruleInputs>, now: Temporal.Instant): RuleInputs {
  const { parameters, ordered_at: orderedAt } = inputs;
  return {
    parameters,
    offer: offerOf(inputs),
    choice: choiceOf(inputs),
    orderedAt: orderedAt === undefined ? now : Temporal.Instant.from(orderedAt),
  };
}

/** The quote for these inputs; null for a refusal. */
export function ruleQuoteView(
  rule: RuleDraft,
  { offer, orderedAt, parameters }: Pick<RuleInputs, 'offer' | 'orderedAt' | 'parameters'>,
  outcome: Quote | Refusal,
): z.output<typeof ruleQuote> | null {
  if (outcome instanceof Refusal) return null;
  const { periods, more } = plannedPeriods(rule, parameters, offer, orderedAt, periodsShown);
  return {
    amount_minor: outcome.amountMinor,
    currency: offer.currency,
    start_date: outcome.startDate.toString(),
    end_date: outcome.endDate?.toString() ?? null,
    explanation: explain(outcome),
    trace: outcome.trace.map((step) => ({ ...step })),
    ordered_at: orderedAt.toString(),
    periods: periodsView(periods, 0),
    more_periods: more,
  };
}

/** Why there is no quote, with pointers into the inputs of the request. */
export function refusalsView(outcome: Quote | Refusal): z.output<typeof rulePreview>['refusals'] {
  if (!(outcome instanceof Refusal)) return [];
  const { field = '', errors } = outcome.details as { field?: FieldError['field']; errors?: FieldError[] };
  const all = errors ?? [{ field, code: outcome.code, message: outcome.message }];
  return all.map((error) => ({ ...error, field: `/inputs${inputAt(error.field)}` }));
}

export function exampleOutcomeView(
  rule: RuleDraft,
  example: GoldenExample,
  { outcome, differences }: ExampleOutcome,
): z.output<typeof exampleOutcome> {
  return {
    title: example.title,
    holds: !(outcome instanceof Refusal) && differences.length === 0,
    quote: ruleQuoteView(rule, example, outcome),
    refusal: refusalOf(outcome),
    differences: differences.map(({ member, message }) => {
      return { field: `/expect/${member}`, code: 'EXAMPLE_DIFFERS', message };
    }),
  };
}

function refusalOf(outcome: Quote | Refusal): z.output<typeof exampleOutcome>['refusal'] {
  if (!(outcome instanceof Refusal)) return null;
  const { field = '' } = outcome.details as { field?: FieldError['field'] };
  return { field: inputAt(field), code: outcome.code, message: outcome.message };
}

/** The inputs name the days of a class otherwise than a class itself does. */
const renamed: Readonly<Record<string, string>> = { start_date: 'class_start', end_date: 'class_end' };

function inputAt(field: FieldError['field']): string {
  return pointerTo(typeof field === 'string' ? (renamed[field] ?? field) : field);
}

import { z } from 'zod';
import { query } from '../contract.js';
import { amountMinor, currency, day, fieldError, id, instant, versionMax } from '../wire.js';
import { jsonObject } from './parameter-types.js';
import { goldenExample, periodsShown, plannedPeriod, ruleBody, traceStep } from './rules.js';

/** A method of computation that a rule can name. */
export const subscriptionMethod = z
  .object({
    name: z.string().describe('The `method` of a rule.'),
    about: z.string().describe('What the method computes, in one sentence.'),
    needs: jsonObject.describe(
      'A JSON Schema (2020-12) of an object: the parameters that the template of a rule must have, and what each value ' +
        'must be beyond its parameter type. Other properties are used where a template has them.',
    ),
    has_periods: z.boolean().describe('Whether a subscription has later periods.'),
    samples: z.array(ruleBody).describe('Rules to begin with: whole bodies whose golden examples hold.'),
  })
  .meta({ id: 'SubscriptionMethod' });

export const subscriptionMethods = z.object({ items: z.array(subscriptionMethod) }).meta({ id: 'SubscriptionMethods' });

export const listMethods = query({
  type: 'subscriptions.list-methods.v1',
  service: 'subscriptions',
  about: 'All methods that a rule can name, by name. They change only with a new release.',
  request: z.object({}),
  response: subscriptionMethods,
});

/** A class and an instant to try a rule with. */
export const ruleInputs = goldenExample
  .omit({ title: true, expect: true })
  .extend({
    parameters: jsonObject.default({}).describe('Values for the parameters, as a class gives them.'),
    ordered_at: instant.optional().describe('When the order would be made; now by default.'),
  })
  .meta({ id: 'RuleInputs', description: 'What a rule is tried with; without them only its examples run.' });

export const rulePreviewBody = ruleBody
  .partial({ title: true, method: true })
  .extend({
    rule_id: id.optional().describe('A published rule, in place of `method`, `parameters` and `examples`.'),
    version: z
      .int()
      .min(1)
      .max(versionMax)
      .optional()
      .describe('A version of the published rule; the newest by default.'),
    inputs: ruleInputs.optional(),
  })
  .refine((body) => (body.rule_id === undefined) !== (body.method === undefined), {
    path: ['method'],
    error: 'Give method, or the rule_id of a published rule, not both.',
  })
  .refine((body) => body.version === undefined || body.rule_id !== undefined, {
    path: ['version'],
    error: 'Give the rule_id that has this version.',
  })
  .refine((body) => body.rule_id === undefined || (body.parameters.length === 0 && body.examples.length === 0), {
    path: ['parameters'],
    error: 'A published rule has its own parameters and examples.',
  })
  .meta({ id: 'RulePreviewBody' });

export const ruleQuote = z
  .object({
    amount_minor: amountMinor.describe('The price, before promo codes.'),
    currency,
    start_date: day,
    end_date: day.nullable(),
    explanation: z.string().describe('Explains the amount and the dates in plain words.'),
    trace: z.array(traceStep).describe('The steps of the rule, in order.'),
    ordered_at: instant,
    periods: z
      .array(plannedPeriod)
      .max(periodsShown)
      .describe('The first periods of a subscription, that of the order too; empty where there are no later ones.'),
    more_periods: z.boolean().describe('Whether more periods follow.'),
  })
  .meta({ id: 'RuleQuote' });

export const exampleOutcome = z
  .object({
    title: z.string(),
    holds: z.boolean().describe('Whether the rule gives the expected result.'),
    quote: ruleQuote.nullable().describe('What the rule gives; null where it refuses.'),
    refusal: fieldError.nullable().describe('Why the rule gives nothing; null where it quotes.'),
    differences: z.array(fieldError).describe('The members of `expect` that differ; empty where the example holds.'),
  })
  .meta({ id: 'ExampleOutcome' });

export const rulePreview = z
  .object({
    quote: ruleQuote.nullable().describe('The quote for the inputs; null without inputs, or where the rule refuses.'),
    refusals: z.array(fieldError).describe('Why there is no quote for the inputs, with pointers such as `/inputs/…`.'),
    examples: z.array(exampleOutcome).describe('The outcome of each golden example, in the order of the rule.'),
  })
  .meta({ id: 'RulePreview' });

export const previewRule = query({
  type: 'subscriptions.preview-rule.v1',
  service: 'subscriptions',
  about:
    'What a rule, published or not, would quote, and the outcome of each of its golden examples. Nothing is saved.',
  refusals: ['RULE_NOT_FOUND', 'METHOD_UNKNOWN', 'PARAMETER_TYPE_UNKNOWN', 'PARAMETER_TEMPLATE_INVALID'],
  request: rulePreviewBody,
  response: rulePreview,
});

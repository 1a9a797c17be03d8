import { z } from 'zod';
import { command, query } from '../contract.js';
import { amountMinor, day, id, idKey, instant, pageOf, paging, paragraphsText, text, versionMax } from '../wire.js';
import { jsonObject } from './parameter-types.js';

export const parameterTemplate = z
  .strictObject({
    name: z
      .string()
      .max(64)
      .regex(/^[a-z][a-z0-9_]*$/),
    type: text(64).describe('The name of a parameter type.'),
    required: z.boolean().default(true),
    default: z.unknown().optional(),
    fixed: z.boolean().optional().describe('Whether every class has the default, and gives no value of its own.'),
    choices: z
      .array(z.string().min(1).max(200))
      .min(1)
      .max(100)
      .optional()
      .describe('The only values that a class may give. A parameter of the built-in type `choice` needs them.'),
  })
  .meta({ id: 'ParameterTemplate' });

/** The amount that a person chooses with an order. */
export const chosenAmount = amountMinor.describe('The amount that the person chooses, where the method allows it.');

/** The number of periods that a preview or a quote shows. */
export const periodsShown = 13;

/** One period of a subscription, as it would be if nothing changes. */
export const plannedPeriod = z
  .object({
    period: z.int().min(0).describe('Counted from 0, the period of the order itself.'),
    amount_minor: amountMinor,
    start_date: day,
    end_date: day.nullable(),
    due_date: day.describe('The day on which it has to be paid.'),
    explanation: z.string(),
  })
  .meta({ id: 'PlannedPeriod' });

/** What a method may use of the person who orders. */
const orderer = z.strictObject({
  registered_at: instant,
  email_domain: z.string().max(255).nullable().default(null).describe('Of a verified address: what follows the `@`.'),
});

/** Inputs and the expected result. A version with a failing example cannot be published. */
export const goldenExample = z
  .strictObject({
    title: text(200),
    parameters: jsonObject,
    ordered_at: instant,
    time_zone: z.string().max(64),
    currency: z.string().regex(/^[A-Z]{3}$/),
    class_start: day.nullable().default(null),
    class_end: day.nullable().default(null),
    seats: z.int().min(1).max(1_000).optional().describe('The number of seats; 1 by default.'),
    chosen_amount_minor: chosenAmount.optional(),
    person: orderer.optional().describe('The person who orders, for methods that use it.'),
    expect: z.strictObject({ amount_minor: amountMinor, start_date: day, end_date: day.nullable() }),
  })
  .meta({ id: 'GoldenExample' });

/** Why a method gives no quote for a class and an instant, or for what the order chooses. */
export const methodRefusals = [
  'REGISTRATION_NOT_OPEN',
  'REGISTRATION_CLOSED',
  'NO_MEETINGS_LEFT',
  'ORDER_NOT_ACCEPTED',
  'EXPRESSION_FAILED',
  'TOO_MANY_SEATS',
  'AMOUNT_NOT_CHOOSABLE',
  'CHOSEN_AMOUNT_OUT_OF_RANGE',
];

/** One step of a computation, in words and as the values that it used. */
export const traceStep = z
  .object({
    step: z.string(),
    explanation: z.string(),
    anchor: day.optional().describe('The day from which periods are counted.'),
    zone: z.string().optional().describe('The IANA zone whose days count.'),
    unit: z.string().optional().describe('What is counted, such as `day`, `meeting` or `month`.'),
    numerator: z.int().optional(),
    denominator: z.int().optional(),
    rounding: z.string().optional().describe('How the share was rounded to whole minor units.'),
  })
  .meta({ id: 'TraceStep' });

export const ruleBody = z
  .strictObject({
    title: text(200),
    description: paragraphsText(2_000).default(''),
    method: z.string().max(64).describe('The name of a registered method, such as `free` or `single_payment`.'),
    parameters: z.array(parameterTemplate).max(50).default([]),
    examples: z.array(goldenExample).max(100).default([]),
  })
  .meta({ id: 'SubscriptionRuleBody' });

export const rule = z
  .object({
    rule_id: id,
    version: z.int().min(1),
    title: z.string(),
    description: z.string(),
    method: z.string(),
    parameters: z.array(parameterTemplate),
    examples: z.array(goldenExample),
    published_at: instant,
    retired_at: instant
      .nullable()
      .default(null)
      .describe('Since when no class begins with the rule and it has no further version; null of a rule in use.'),
  })
  .meta({ id: 'SubscriptionRule' });

export const publishRule = command({
  type: 'subscriptions.publish-rule.v1',
  service: 'subscriptions',
  subject: 'rule_id',
  about: 'Publishes a rule, or with `rule_id` its next version; a version never changes afterwards.',
  refusals: [
    'METHOD_UNKNOWN',
    'PARAMETER_TYPE_UNKNOWN',
    'PARAMETER_TEMPLATE_INVALID',
    'EXAMPLE_FAILED',
    'RULE_NOT_FOUND',
    'RULE_RETIRED',
  ],
  request: ruleBody.extend({ rule_id: id.optional() }),
  response: rule,
});

export const retireRule = command({
  type: 'subscriptions.retire-rule.v1',
  service: 'subscriptions',
  subject: 'rule_id',
  about:
    'Retires a rule: no class begins with it, and it gets no further version. Classes that have it go on, and so do their ' +
    'orders. A retired rule is returned unchanged.',
  refusals: ['RULE_NOT_FOUND'],
  request: z.object({ rule_id: id }),
  response: rule,
});

export const reinstateRule = command({
  type: 'subscriptions.reinstate-rule.v1',
  service: 'subscriptions',
  subject: 'rule_id',
  about: 'Takes the retirement of a rule back. A rule that is not retired is returned unchanged.',
  refusals: ['RULE_NOT_FOUND'],
  request: z.object({ rule_id: id }),
  response: rule,
});

export const getRule = query({
  type: 'subscriptions.get-rule.v1',
  service: 'subscriptions',
  about: 'The newest version of a rule, or a given one.',
  refusals: ['RULE_NOT_FOUND'],
  request: z.object({ rule_id: id, version: z.int().min(1).max(versionMax).optional() }),
  response: rule,
});

export const listRules = query({
  type: 'subscriptions.list-rules.v1',
  service: 'subscriptions',
  about: 'The newest version of each rule, the newest rule first.',
  request: z.object({
    retired: z.boolean().optional().describe('Only rules that are retired, or only those that are not.'),
    ...paging(idKey),
  }),
  response: pageOf(rule),
});

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
  })
  .meta({ id: 'ParameterTemplate' });

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
    expect: z.strictObject({ amount_minor: amountMinor, start_date: day, end_date: day.nullable() }),
  })
  .meta({ id: 'GoldenExample' });

/** Why a method gives no quote for a class and an instant, or for what the order chooses. */
export const methodRefusals = [
  'REGISTRATION_NOT_OPEN',
  'REGISTRATION_CLOSED',
  'NO_MEETINGS_LEFT',
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
  ],
  request: ruleBody.extend({ rule_id: id.optional() }),
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
  request: z.object(paging(idKey)),
  response: pageOf(rule),
});

import { ruleId } from './ids.js';

const template = { name: 'price', type: 'amount_minor', required: true };

const golden = {
  title: 'A course in Kolkata',
  parameters: { price: 150_000 },
  ordered_at: '2026-03-02T18:45:00Z',
  time_zone: 'Asia/Kolkata',
  currency: 'INR',
  class_start: null,
  class_end: null,
  expect: { amount_minor: 150_000, start_date: '2026-03-03', end_date: null },
};

export const ruleBody = {
  title: 'Single payment subscription',
  description: 'One payment for the whole class.',
  method: 'single_payment',
  parameters: [template],
  examples: [golden],
};

const amountType = {
  name: 'amount_minor',
  schema: { type: 'integer', minimum: 0 },
  ui_schema: { 'ui:widget': 'updown', 'ui:title': 'Price in minor units' },
};

const traceStep = { step: 'amount', explanation: 'It costs 1500.00 INR, paid once.' };

const trace = [
  traceStep,
  { step: 'start', explanation: 'It starts on the day of the order in Asia/Kolkata, 2026-03-03.' },
  { step: 'end', explanation: 'It has no end.' },
];

const { title: _, expect: __, ...inputs } = golden;

const quote = {
  amount_minor: 150_000,
  currency: 'INR',
  start_date: '2026-03-03',
  end_date: null,
  explanation: trace.map(({ explanation }) => explanation).join(' '),
  trace,
  ordered_at: golden.ordered_at,
  periods: [],
  more_periods: false,
};

const outcome = { title: golden.title, holds: true, quote, refusal: null, differences: [] };

const method = {
  name: 'single_payment',
  about:
    'Costs one price, paid once, from the day of the order, or the start of the class if that is later, until the class ends.',
  needs: {
    type: 'object',
    properties: {
      price: {
        description: 'Must be a whole number of minor units from 0 to 1000000000000.',
        type: 'integer',
        minimum: 0,
        maximum: 1_000_000_000_000,
      },
    },
    required: ['price'],
  },
  has_periods: false,
  samples: [ruleBody],
};

/** One example of each named shape of subscription rules and their parameter types, by the name of its schema. */
export const rulesExamples = {
  ParameterTypeBody: amountType,
  ParameterType: { ...amountType, version: 2, saved_at: '2026-03-01T10:00:00Z', changed_at: '2026-03-01T10:02:00Z' },
  ParameterTypeChangeBody: { version: 1, ui_schema: amountType.ui_schema },
  ParameterTypeCheckBody: { schema: amountType.schema, value: -1 },
  ParameterTypeCheck: {
    accepted: false,
    errors: [{ field: '/value', code: 'VALUE_INVALID', message: 'must be >= 0' }],
  },
  ParameterTemplate: template,
  GoldenExample: golden,
  SubscriptionRuleBody: ruleBody,
  SubscriptionRule: {
    rule_id: ruleId,
    version: 1,
    ...ruleBody,
    published_at: '2026-03-01T10:05:00Z',
    retired_at: null,
  },
  TraceStep: traceStep,
  PlannedPeriod: {
    period: 1,
    amount_minor: 49_00,
    start_date: '2026-04-30',
    end_date: '2026-05-30',
    due_date: '2026-04-30',
    explanation: 'It costs 49.00 EUR each month.',
  },
  SubscriptionMethod: method,
  SubscriptionMethods: { items: [method] },
  RuleInputs: inputs,
  RulePreviewBody: { method: 'single_payment', parameters: [template], examples: [golden], inputs },
  RuleQuote: quote,
  ExampleOutcome: outcome,
  RulePreview: { quote, refusals: [], examples: [outcome] },
};

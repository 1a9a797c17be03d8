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

/** One example of each named shape of subscription rules and their parameter types, by the name of its schema. */
export const rulesExamples = {
  ParameterTypeBody: amountType,
  ParameterType: { ...amountType, saved_at: '2026-03-01T10:00:00Z' },
  ParameterTemplate: template,
  GoldenExample: golden,
  SubscriptionRuleBody: ruleBody,
  SubscriptionRule: { rule_id: ruleId, version: 1, ...ruleBody, published_at: '2026-03-01T10:05:00Z' },
};

import { AMOUNT_MINOR_MAX } from '#kernel/money.js';
import type { ParameterType } from './parameter-type.js';

type BuiltInType = Pick<ParameterType, 'name' | 'schema' | 'uiSchema'>;

const money = { type: 'integer', minimum: 0, maximum: AMOUNT_MINOR_MAX };
const day = { type: 'string', format: 'date' };
const moneyField = { 'ui:widget': 'money', 'ui:title': 'Amount' };

/** A list of objects that have exactly these members. */
function listOf(properties: Readonly<Record<string, object>>, maxItems = 50) {
  const items = { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
  return { type: 'array', minItems: 1, maxItems, items };
}

/** The parameter types that every installation has. A name and its schema never change. */
export const builtInTypes: readonly BuiltInType[] = [
  { name: 'money', schema: money, uiSchema: { 'ui:widget': 'money' } },
  {
    name: 'percentage',
    schema: { type: 'number', minimum: 0, maximum: 100 },
    uiSchema: { 'ui:widget': 'percent' },
  },
  {
    name: 'integer',
    schema: { type: 'integer', minimum: -AMOUNT_MINOR_MAX, maximum: AMOUNT_MINOR_MAX },
    uiSchema: {},
  },
  { name: 'decimal', schema: { type: 'number' }, uiSchema: {} },
  { name: 'date', schema: day, uiSchema: {} },
  {
    name: 'time',
    schema: { type: 'string', pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' },
    uiSchema: { 'ui:widget': 'clock' },
  },
  {
    name: 'duration',
    schema: { type: 'string', format: 'duration', maxLength: 64 },
    uiSchema: { 'ui:help': 'ISO 8601, such as P3M for three months or P1DT12H for a day and a half' },
  },
  {
    name: 'time_zone',
    schema: { type: 'string', format: 'time-zone', maxLength: 64 },
    uiSchema: { 'ui:widget': 'zone' },
  },
  { name: 'boolean', schema: { type: 'boolean' }, uiSchema: {} },
  { name: 'choice', schema: { type: 'string', minLength: 1, maxLength: 200 }, uiSchema: {} },
  { name: 'text', schema: { type: 'string', maxLength: 1_000 }, uiSchema: { 'ui:widget': 'textarea' } },
  {
    name: 'dated_prices',
    schema: listOf({ date: day, amount_minor: money }),
    uiSchema: { items: { date: { 'ui:title': 'Day' }, amount_minor: moneyField } },
  },
  {
    name: 'counted_prices',
    schema: listOf({ count: { type: 'integer', minimum: 1, maximum: 1_000 }, amount_minor: money }),
    uiSchema: { items: { count: { 'ui:title': 'From how many' }, amount_minor: moneyField } },
  },
  {
    name: 'dates',
    schema: { type: 'array', minItems: 1, maxItems: 400, uniqueItems: true, items: day },
    uiSchema: { items: { 'ui:title': 'Day' } },
  },
  {
    name: 'weekdays',
    schema: {
      type: 'array',
      minItems: 1,
      maxItems: 7,
      uniqueItems: true,
      items: { type: 'integer', enum: [1, 2, 3, 4, 5, 6, 7] },
    },
    uiSchema: {
      'ui:widget': 'checkboxes',
      'ui:enumNames': ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
    },
  },
  {
    name: 'dunning_steps',
    schema: listOf(
      {
        after_days: { type: 'integer', minimum: 0, maximum: 365 },
        step: { type: 'string', enum: ['remind', 'suspend', 'end'] },
      },
      20,
    ),
    uiSchema: { items: { after_days: { 'ui:title': 'Days after the due date' }, step: { 'ui:title': 'Step' } } },
  },
  {
    name: 'expression',
    schema: { type: 'string', minLength: 1, maxLength: 1_000 },
    uiSchema: { 'ui:widget': 'textarea', 'ui:options': { rows: 4 } },
  },
];

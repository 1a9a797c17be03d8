import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { faultsOf } from '../../../apps/console/web/src/screens/rules/schema-form/faults.ts';
import { compileSchema } from '../../../apps/subscriptions/src/parameter-types/domain/parameter-schema.js';

type Schema = Record<string, unknown>;

/** Schemas of the kinds that parameter types have: money, percentages, days, choices, texts, lists and objects. */
const leaf: fc.Arbitrary<Schema> = fc.oneof(
  fc.record({
    type: fc.constant('integer'),
    minimum: fc.integer({ min: -5, max: 5 }),
    maximum: fc.integer({ min: 6, max: 20 }),
  }),
  fc.record({
    type: fc.constant('integer'),
    exclusiveMinimum: fc.integer({ min: -5, max: 5 }),
    multipleOf: fc.constantFrom(1, 2, 5),
  }),
  fc.record({ type: fc.constant('number'), minimum: fc.constant(0), maximum: fc.constantFrom(1, 100) }),
  fc.record({
    type: fc.constant('string'),
    minLength: fc.integer({ min: 0, max: 3 }),
    maxLength: fc.integer({ min: 3, max: 6 }),
  }),
  fc.record({ type: fc.constant('string'), pattern: fc.constantFrom('^[A-Z]{2}$', '[0-9]', '^$') }),
  fc.record({
    type: fc.constant('string'),
    format: fc.constantFrom('date', 'email', 'uuid', 'time', 'date-time', 'duration', 'time-zone'),
  }),
  fc.record({ enum: fc.constantFrom(['mon', 'tue'], [1, 2, null], [true, 'x']) }),
  fc.record({ const: fc.constantFrom('a', 1, null, [1], { a: 1 }) }),
  fc.record({ type: fc.constant('boolean') }),
  fc.constant({}),
);

const { schema } = fc.letrec<{ schema: Schema }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc
      .tuple(tie('schema'), fc.boolean(), fc.nat(2))
      .map(([items, uniqueItems, minItems]) => ({ type: 'array', items, uniqueItems, minItems, maxItems: 4 })),
    fc.tuple(tie('schema'), tie('schema')).map(([first, second]) => {
      return { type: 'array', prefixItems: [first, second], items: false, minItems: 2 };
    }),
    fc.tuple(tie('schema'), tie('schema'), fc.boolean()).map(([a, b, additionalProperties]) => {
      return { type: 'object', properties: { a, b }, required: ['a'], additionalProperties };
    }),
    fc.tuple(tie('schema'), tie('schema')).map((anyOf) => ({ anyOf })),
    fc.tuple(tie('schema'), tie('schema')).map((oneOf) => ({ oneOf })),
    fc.tuple(tie('schema'), tie('schema')).map((allOf) => ({ allOf })),
    tie('schema').map((not) => ({ not })),
  ),
}));

const texts = [
  'Europe/Berlin',
  'Asia/Calcutta',
  'IST',
  'Mars/Phobos',
  '+05:30',
  'P3M',
  'PT1H30M',
  'P',
  '',
  'mon',
  'AB',
  '2026-02-29',
  '2028-02-29',
  'a@example.org',
  '06:00:00Z',
  '2026-03-02T09:00:00Z',
];
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.integer({ min: -10, max: 25 }), fc.constantFrom(...texts, null, true, false, 0.5, 99.5)),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

describe('the check of the pages, which needs no eval, and that of the service', () => {
  it('agree on every value', () => {
    fc.assert(
      fc.property(schema, fc.array(value, { minLength: 8, maxLength: 8 }), (wanted, values) => {
        const check = compileSchema(wanted);
        for (const given of values) {
          expect([given, faultsOf(wanted, given).length === 0]).toEqual([given, check(given).length === 0]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each<[Schema, unknown, string[], string]>([
    [{ type: 'object', properties: { a: { minimum: 3 } } }, { a: 1 }, ['a'], 'minimum'],
    [{ type: 'object', required: ['a/b'] }, {}, ['a/b'], 'required'],
    [{ type: 'object', properties: {}, additionalProperties: false }, { extra: 1 }, ['extra'], 'additionalProperties'],
    [{ additionalProperties: { type: 'integer' } }, { extra: 'x' }, ['extra'], 'type'],
    [{ type: 'array', items: { type: 'integer' } }, [1, 'x'], ['1'], 'type'],
    [{ anyOf: [{ const: 1 }, { const: 2 }] }, 3, [], 'anyOf'],
    [{ properties: { a: { items: { enum: [1] } } } }, { a: [2] }, ['a', '0'], 'enum'],
  ])('of %j finds in %j the member at fault', (wanted, given, path, keyword) => {
    expect(faultsOf(wanted, given).map((fault) => [fault.path, fault.keyword])).toEqual([[path, keyword]]);
    expect(compileSchema(wanted)(given).map((fault) => fault.path)).toContainEqual(path);
  });

  it('leaves a value that nobody has typed alone, and a schema that is broken', () => {
    expect(faultsOf({ type: 'integer' }, undefined)).toEqual([]);
    expect(faultsOf({ type: 'object', required: ['a'] }, { a: undefined })).toHaveLength(1);
    expect(faultsOf({ pattern: '(' }, 'x')).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { Refusal } from '#kernel/refusal.js';
import { compileSchema, refuseCostlySchema } from './parameter-schema.js';
import { costlyKeyword } from './schema-cost.js';

type Schema = Record<string, unknown>;

const times = <Item>(count: number, item: (index: number) => Item) => Array.from({ length: count }, (_, i) => item(i));
const numbers = times(998, (index) => index);
const texts = times(16, () => 'a'.repeat(1_000));
const objects = times(499, (index) => ({ a: index }));

/** There are values on which one check of each took hundreds of milliseconds, or seconds. */
const costly: [name: string, schema: Schema, pointer: string][] = [
  [
    'alternatives of uniqueItems',
    { anyOf: times(60, () => ({ uniqueItems: true, not: {} })) },
    '/schema/anyOf/5/uniqueItems',
  ],
  ['uniqueItems side by side', { allOf: times(490, () => ({ uniqueItems: true })) }, '/schema/allOf/5/uniqueItems'],
  [
    'uniqueItems deep inside',
    {
      properties: {
        a: { oneOf: [{}, { not: { if: {}, else: { allOf: times(60, () => ({ uniqueItems: true })) } } }] },
      },
    },
    '/schema/properties/a/oneOf/1/not/else/allOf/5/uniqueItems',
  ],
  [
    'uniqueItems by the presence of a property',
    { dependentSchemas: { 'key-0': { additionalProperties: { allOf: times(60, () => ({ uniqueItems: true })) } } } },
    '/schema/dependentSchemas/key-0/additionalProperties/allOf/5/uniqueItems',
  ],
  [
    'many alternatives for each item',
    { items: { anyOf: [...times(480, (index) => ({ const: `x${index}` })), {}] } },
    '/schema/items/anyOf/206/const',
  ],
  [
    'exclusive alternatives for each item',
    { items: { oneOf: [...times(480, (index) => ({ const: `x${index}` })), {}] } },
    '/schema/items/oneOf/206/const',
  ],
  [
    'enumerations of objects',
    { items: { anyOf: times(3, () => ({ enum: times(150, (index) => ({ a: index })) })) } },
    '/schema/items/anyOf/2/enum',
  ],
  [
    'uniqueItems beside enumerations',
    { uniqueItems: true, items: { enum: times(400, (index) => [index]) } },
    '/schema/items/enum',
  ],
  [
    'items that contain much',
    { allOf: times(300, (index) => ({ contains: { const: -index } })) },
    '/schema/allOf/146/contains/const',
  ],
  [
    'formats of long texts',
    { items: { anyOf: times(240, () => ({ format: 'uri' })) } },
    '/schema/items/anyOf/83/format',
  ],
  [
    'patterns of texts of a list',
    { items: { anyOf: times(19, (index) => ({ pattern: `^a*a*b${index}` })) } },
    '/schema/items/anyOf/1/pattern',
  ],
  [
    'patterns of names',
    { patternProperties: Object.fromEntries(times(30, (i) => [`^a*a*b${i}`, {}])) },
    '/schema/patternProperties',
  ],
];

describe('a schema is refused whose check could take too long', () => {
  it.each(costly)('by %s', (_, schema, pointer) => {
    let refusal: unknown;
    try {
      compileSchema(schema);
      refuseCostlySchema(schema);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(Refusal);
    const { code, details } = refusal as Refusal;
    expect(code).toBe('SCHEMA_INVALID');
    expect(`/${(details.field as string[]).join('/')}`).toBe(pointer);
  });
});

describe('a schema is accepted', () => {
  it.each<[string, Schema]>([
    ['of a list without repeats', { type: 'array', items: { enum: ['mon', 'tue'] }, uniqueItems: true }],
    ['of many lists of scalars', { allOf: times(60, () => ({ uniqueItems: true, items: { type: 'integer' } })) }],
    ['of many short lists', { allOf: times(60, () => ({ uniqueItems: true, maxItems: 100 })) }],
    ['of a long enumeration for each item', { items: { enum: times(900, (index) => `choice ${index}`) } }],
    ['of many alternatives', { anyOf: times(300, (index) => ({ const: index })) }],
    [
      'of many alternatives for each of a few items',
      { maxItems: 20, items: { anyOf: times(200, (i) => ({ const: i })) } },
    ],
    ['of a pattern for each item', { items: { pattern: '[a-z]+5' } }],
    [
      'of ten patterns for texts of moderate length',
      among(
        times(10, (index) => `[a-z]+${index}`),
        { maxLength: 100 },
      ),
    ],
    [
      'of a hundred anchored patterns',
      among(
        times(100, (index) => `^[A-Z]{2}\\d+-${index}$`),
        {},
      ),
    ],
    ['with a pattern as a value', { const: { pattern: null, patternProperties: null } }],
    [
      'of objects with many properties',
      {
        items: {
          type: 'object',
          properties: Object.fromEntries(
            times(40, (index) => [
              `p${index}`,
              { type: 'string', title: `The ${index}th`, minLength: 1, maxLength: 80 },
            ]),
          ),
          required: ['p1', 'p2'],
          additionalProperties: false,
        },
      },
    ],
    [
      'with a property named like a keyword',
      { properties: { uniqueItems: {}, enum: { type: 'string' }, allOf: true } },
    ],
  ])('%s', (_, schema) => {
    compileSchema(schema);
    expect(costlyKeyword(schema)).toBeNull();
  });

  function among(patterns: readonly string[], more: Schema): Schema {
    return { type: 'array', items: { ...more, anyOf: patterns.map((pattern) => ({ pattern })) } };
  }
});

describe('the bound', () => {
  /** The costliest schema of a kind that is accepted. */
  function mostOf(kind: (count: number) => Schema): Schema {
    let count = 1;
    while (count < 480 && costlyKeyword(kind(count + 1)) === null) count += 1;
    return kind(count);
  }

  it.each<[string, (count: number) => Schema, unknown]>([
    ['uniqueItems', (count) => ({ allOf: times(count, () => ({ uniqueItems: true })) }), times(998, (i) => `s${i}`)],
    ['alternatives', (count) => ({ items: { anyOf: [...times(count, (i) => ({ const: `x${i}` })), {}] } }), numbers],
    ['enumerations', (count) => ({ items: { enum: times(count, (index) => ({ a: index })) } }), objects],
    ['patterns', (count) => ({ items: { anyOf: [...times(count, (i) => ({ pattern: `^a*a*b${i}` })), {}] } }), texts],
    ['formats', (count) => ({ items: { allOf: times(count, () => ({ anyOf: [{ format: 'email' }, {}] })) } }), texts],
  ])('keeps a check with %s below a second even on a busy machine', (_, kind, value) => {
    const check = compileSchema(mostOf(kind));
    const started = performance.now();
    check(value);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

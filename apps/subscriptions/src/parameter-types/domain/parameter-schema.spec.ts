import { describe, expect, it } from '@jest/globals';
import { Refusal } from '#kernel/refusal.js';
import { checkPresentation, compileSchema, complaintOf } from './parameter-schema.js';

function refusalOf(schema: Record<string, unknown>): Refusal {
  try {
    compileSchema(schema);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('the schema was accepted');
}

/** A schema with `depth` further schemas inside one another. */
function nested(depth: number): Record<string, unknown> {
  return depth === 0 ? { type: 'integer' } : { type: 'array', items: nested(depth - 1) };
}

describe('a schema', () => {
  it('checks values and explains a violation', () => {
    const check = compileSchema({
      type: 'object',
      properties: { days: { type: 'array', items: { enum: ['mon', 'tue'] }, uniqueItems: true } },
      required: ['days'],
      additionalProperties: false,
    });
    expect(check({ days: ['mon', 'tue'] })).toEqual([]);
    expect(complaintOf(check({ days: ['mon', 'mon'] }))).toMatch(/^\/days must NOT have duplicate items/);
    expect(complaintOf(check({}))).toBe("/days must have required property 'days'");
    expect(complaintOf(check([]))).toBe('must be object');
  });

  it('names the member of the value that is at fault', () => {
    const check = compileSchema({
      type: 'object',
      properties: { 'a/b': { type: 'array', items: { type: 'integer' } }, c: { anyOf: [{ const: 1 }, { const: 2 }] } },
      required: ['a/b'],
      additionalProperties: false,
    });
    const paths = (value: unknown) => check(value).map(({ path }) => path);
    expect(paths({ 'a/b': [1, 'x'] })).toEqual([['a/b', '1']]);
    expect(paths({})).toEqual([['a/b']]);
    expect(paths({ 'a/b': [], d: 1 })).toEqual([['d']]);
    expect(paths({ 'a/b': [], c: 3 })).toEqual([['c'], ['c'], ['c']]);
    expect(paths('x'.repeat(1_001))).toEqual([[]]);
  });

  it.each([
    ['date', '2026-02-29', false],
    ['date', '2028-02-29', true],
    ['email', 'asha@example.org', true],
    ['uuid', 'no', false],
    ['uri', 'https://example.org/x', true],
  ])('supports the format %s: %j is %s', (format, value, fits) => {
    expect(compileSchema({ type: 'string', format })(value).length === 0).toBe(fits);
  });

  it('supports draft 2020-12: prefixItems', () => {
    const check = compileSchema({ type: 'array', prefixItems: [{ type: 'integer' }], items: false, minItems: 1 });
    expect([[1], [1, 2]].map((value) => complaintOf(check(value)))).toEqual([null, 'must NOT have more than 1 items']);
  });

  it('matches a pattern that is safe', () => {
    const check = compileSchema({ type: 'string', pattern: '^[A-Z]{2}\\d+$' });
    expect(check('DE12')).toEqual([]);
    expect(complaintOf(check('de12'))).toBe('must match pattern "^[A-Z]{2}\\d+$"');
  });

  it('may have a property named like a keyword', () => {
    const check = compileSchema({
      type: 'object',
      properties: { pattern: { type: 'string' }, default: { type: 'null' } },
    });
    expect(check({ pattern: '(a+)+', default: null })).toEqual([]);
  });
});

describe('a schema is refused', () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    ['that is invalid', { type: 'number', minimum: 'low' }, /minimum/],
    ['of an unknown keyword', { typ: 'number' }, /unknown keyword: "typ"/],
    ['of an unknown format', { type: 'string', format: 'regex' }, /unknown format "regex"/],
    ['with a risky pattern', { type: 'string', pattern: '^(a+)+$' }, /is not accepted: it could take too long/],
    ['with a risky pattern for names', { type: 'object', patternProperties: { '(.*)*x': {} } }, /is not accepted/],
    ['that refers to itself', { $defs: { a: {} }, $ref: '#/$defs/a' }, /stand by itself/],
    ['that refers to elsewhere', { allOf: [{ $ref: 'https://example.org/s' }] }, /stand by itself/],
    ['of another draft', { $schema: 'http://json-schema.org/draft-07/schema#' }, /2020-12/],
    ['nested too deeply', nested(20), /nested deeper than 16/],
    ['with too many values', { enum: Array.from({ length: 1_001 }, (_, index) => index) }, /more than 1000 values/],
    ['with too long a text', { const: 'x'.repeat(1_001) }, /a text longer than 1000/],
    ['that cannot be stored', { const: 'a\0b' }, /cannot be stored/],
  ])('%s', (_, schema, says) => {
    const refusal = refusalOf(schema);
    expect(refusal.code).toBe('SCHEMA_INVALID');
    expect(refusal.message).toMatch(says);
  });
});

describe('a schema is refused at the keyword', () => {
  const inside = (schema: unknown) => ({ properties: { a: { items: { anyOf: [{}, schema] } } } });
  const at = ['schema', 'properties', 'a', 'items', 'anyOf', '1'];

  it.each<[string, Record<string, unknown>, string[]]>([
    ['of an unknown type', { type: 'nothing' }, ['schema', 'type']],
    ['of a value of the wrong kind, deep inside', inside({ maxLength: -1 }), [...at, 'maxLength']],
    ['that does not exist', inside({ title: 'x', minimun: 1 }), [...at, 'minimun']],
    ['of earlier drafts', inside({ dependencies: { a: { type: 'null' } } }), [...at, 'dependencies']],
    ['of an unknown format', inside({ type: 'string', format: 'iban' }), [...at, 'format']],
    ['of a risky pattern', inside({ type: 'string', pattern: '^(a+)+$' }), [...at, 'pattern']],
    ['of a pattern that is none', inside({ type: 'string', pattern: '(' }), [...at, 'pattern']],
    ['of a risky pattern for names', inside({ patternProperties: { '(.*)*x': {} } }), [...at, 'patternProperties']],
    ['without a partner', inside({ if: {} }), [...at, 'if']],
    ['that refers elsewhere', inside({ $ref: '#/properties/a' }), [...at, '$ref']],
    ['of another draft', { $schema: 'http://json-schema.org/draft-07/schema#' }, ['schema', '$schema']],
    ['of a tuple that is open', inside({ prefixItems: [{ type: 'null' }] }), [...at, 'prefixItems']],
    ['no more exactly than as a whole when it is too large', nested(20), ['schema']],
  ])('%s', (_, schema, field) => {
    expect(refusalOf(schema).details).toEqual({ field });
  });

  it('which is found in the time of one more compilation', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 480 }, (_, index) => [`p${index}`, { minLength: index }]),
    );
    const started = performance.now();
    const refused = refusalOf({ properties: { ...properties, last: { minLenght: 1 } } });
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(refused.details.field).toEqual(['schema', 'properties', 'last', 'minLenght']);
  });

  it('and hints for a form are bounded like it', () => {
    expect(() => checkPresentation({ 'ui:title': 'x'.repeat(1_001) })).toThrow('The UI schema has a text longer than');
    expect(() => checkPresentation({ 'ui:title': 'Price' })).not.toThrow();
  });
});

describe('a value is bounded before any schema looks at it', () => {
  const check = compileSchema({});

  it.each<[string, unknown, string]>([
    ['too long a text', 'x'.repeat(1_001), 'has a text longer than 1000'],
    ['too long a name', { ['x'.repeat(1_001)]: 1 }, 'has a text longer than 1000'],
    ['too many values', Array.from({ length: 1_000 }, () => 0), 'has more than 1000 values'],
    ['half a surrogate pair', ['\ud800'], 'has characters that cannot be stored'],
    ['too many bytes', Array.from({ length: 20 }, () => 'x'.repeat(900)), 'has more than 16384 bytes'],
  ])('%s', (_, value, says) => {
    expect(check(value)).toEqual([{ path: [], message: says }]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { Refusal } from '#kernel/refusal.js';
import { compileSchema } from './parameter-schema.js';

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
    expect(check({ days: ['mon', 'tue'] })).toBeNull();
    expect(check({ days: ['mon', 'mon'] })).toMatch(/^\/days must NOT have duplicate items/);
    expect(check({})).toBe("must have required property 'days'");
  });

  it.each([
    ['date', '2026-02-29', false],
    ['date', '2028-02-29', true],
    ['email', 'asha@example.org', true],
    ['uuid', 'no', false],
    ['uri', 'https://example.org/x', true],
  ])('supports the format %s: %j is %s', (format, value, fits) => {
    expect(compileSchema({ type: 'string', format })(value) === null).toBe(fits);
  });

  it('supports draft 2020-12: prefixItems', () => {
    const check = compileSchema({ type: 'array', prefixItems: [{ type: 'integer' }], items: false, minItems: 1 });
    expect([check([1]), check([1, 2])]).toEqual([null, 'must NOT have more than 1 items']);
  });

  it('matches a pattern that is safe', () => {
    const check = compileSchema({ type: 'string', pattern: '^[A-Z]{2}\\d+$' });
    expect([check('DE12'), check('de12')]).toEqual([null, 'must match pattern "^[A-Z]{2}\\d+$"']);
  });

  it('may have a property named like a keyword', () => {
    const check = compileSchema({
      type: 'object',
      properties: { pattern: { type: 'string' }, default: { type: 'null' } },
    });
    expect(check({ pattern: '(a+)+', default: null })).toBeNull();
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

describe('a value is bounded before any schema looks at it', () => {
  const check = compileSchema({});

  it.each<[string, unknown, string]>([
    ['too long a text', 'x'.repeat(1_001), 'has a text longer than 1000'],
    ['too long a name', { ['x'.repeat(1_001)]: 1 }, 'has a text longer than 1000'],
    ['too many values', Array.from({ length: 1_000 }, () => 0), 'has more than 1000 values'],
    ['half a surrogate pair', ['\ud800'], 'has characters that cannot be stored'],
    ['too many bytes', Array.from({ length: 20 }, () => 'x'.repeat(900)), 'has more than 16384 bytes'],
  ])('%s', (_, value, says) => {
    expect(check(value)).toBe(says);
  });
});

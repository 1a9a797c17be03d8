import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { Refusal } from '#kernel/refusal.js';
import { excess, schemaBounds, valueBounds } from './bounded-json.js';
import { patternRisk } from './pattern-cost.js';
import { costlyKeyword } from './schema-cost.js';

/** Returns the violation of a value in words, or null when the value is valid. */
export type Check = (value: unknown) => string | null;

/** The checks of parameter types by name. */
export type Checks = ReadonlyMap<string, Check>;

type JsonObject = Record<string, unknown>;

/**
 * Compiles a user's JSON Schema (2020-12) to a check.
 *
 * The schema runs inside this process, so its cost is bounded: schema and values in size and depth, patterns by their
 * paths (pattern-cost.ts), and before it is saved all of it together (schema-cost.ts). References are refused, because
 * a few of them can expand into a million checks.
 * @throws Refusal SCHEMA_INVALID
 */
export function compileSchema(schema: JsonObject): Check {
  const tooMuch = excess(schema, schemaBounds);
  if (tooMuch) throw invalid(`The schema has ${tooMuch}.`);
  refuseReferences(schema);
  const ajv = newAjv();
  let validate: ReturnType<typeof ajv.compile>;
  try {
    validate = ajv.compile(schema);
  } catch (error) {
    throw invalid((error as Error).message);
  }
  return (value) => {
    const beyond = excess(value, valueBounds);
    if (beyond) return `has ${beyond}`;
    return validate(value) ? null : complaint(validate.errors?.[0]);
  };
}

/**
 * Refuses a schema whose parts are safe one by one but too costly together. Only saving applies this rule.
 * @throws Refusal SCHEMA_INVALID, whose field is the keyword at which the checks exceed the bound
 */
export function refuseCostlySchema(schema: JsonObject): void {
  const path = costlyKeyword(schema);
  if (path === null) return;
  throw new Refusal(
    'SCHEMA_INVALID',
    'The schema is not accepted: a check could take too long, from this keyword on. Fewer keywords like it, or ' +
      'maxItems, maxProperties and maxLength beside them, would help.',
    { field: ['schema', ...path] },
  );
}

/** The supported formats. Their expressions are safe on bounded texts. */
const formats = ['date', 'time', 'date-time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uri', 'uuid'] as const;

function newAjv(): Ajv2020 {
  // One instance per schema, because an instance keeps everything it has compiled.
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, code: { regExp: safeRegExp } });
  addFormats.default(ajv, [...formats]);
  return ajv;
}

function safeRegExp(pattern: string, flags: string): RegExp {
  const risk = patternRisk(pattern);
  if (risk) throw new Error(`the pattern ${JSON.stringify(pattern)} is not accepted: ${risk}`);
  return new RegExp(pattern, flags);
}
safeRegExp.code = 'new RegExp';

/** Keywords with a `$` that neither name nor reference a schema. */
const harmless = new Set(['$schema', '$comment']);
const draft = 'https://json-schema.org/draft/2020-12/schema';

function refuseReferences(node: unknown): void {
  if (node === null || typeof node !== 'object') return;
  for (const [key, child] of Object.entries(node)) {
    if (key.startsWith('$') && !harmless.has(key)) throw invalid(`The schema has ${key}; it has to stand by itself.`);
    if (key === '$schema' && child !== draft) throw invalid(`The schema must be of the draft 2020-12.`);
    refuseReferences(child);
  }
}

function complaint(error: ErrorObject | undefined): string {
  if (!error) return 'does not fit';
  const where = error.instancePath ? `${error.instancePath} ` : '';
  return `${where}${error.message ?? 'does not fit'}`;
}

function invalid(message: string): Refusal {
  return new Refusal('SCHEMA_INVALID', message, { field: 'schema' });
}

import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { isTimeZone } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import { excess, schemaBounds, valueBounds } from './bounded-json.js';
import { patternRisk } from './pattern-cost.js';
import { costlyKeyword } from './schema-cost.js';
import { faultOf } from './schema-fault.js';

/** What is wrong with a value. */
export interface ValueFault {
  /** The names and indexes that lead to the member at fault. */
  readonly path: readonly string[];
  /** Completes a sentence about the member: `must be integer`. */
  readonly message: string;
}

/** The kind of the values of a schema, for typed expressions. */
export type ValueKind = 'int' | 'double' | 'string' | 'day' | 'bool' | 'list' | 'map' | 'dyn';

/** What is wrong with a value, the first fault first; nothing when the value is valid. */
export interface Check {
  (value: unknown): readonly ValueFault[];
  /** The kind of the values that are valid. */
  readonly kind: ValueKind;
}

/** The checks of parameter types by name. */
export type Checks = ReadonlyMap<string, Check>;

type JsonObject = Record<string, unknown>;

/**
 * Compiles a user's JSON Schema (2020-12) to a check.
 *
 * The schema runs inside this process, so its cost is bounded: schema and values in size and depth, patterns by their
 * paths (pattern-cost.ts), and before it is saved all of it together (schema-cost.ts). References are refused, because
 * a few of them can expand into a million checks.
 *
 * A check stops at the first keyword that fails: the bounds of schema-cost.ts rest on that order. Alternatives may
 * leave several faults.
 * @throws Refusal SCHEMA_INVALID, whose field is the keyword at fault
 */
export function compileSchema(schema: JsonObject): Check {
  const tooMuch = excess(schema, schemaBounds);
  if (tooMuch) throw invalid(`The schema has ${tooMuch}.`);
  refuseReferences(schema, []);
  const ajv = newAjv();
  if (!ajv.validateSchema(schema)) {
    const [fault] = faultsOf(ajv.errors ?? []);
    throw invalid(`${sayingWhere('valid', fault?.path)}: ${fault?.message ?? 'it is no JSON Schema'}.`, fault?.path);
  }
  const validate = compiled(ajv, schema);
  const check = (value: unknown): readonly ValueFault[] => {
    const beyond = excess(value, valueBounds);
    if (beyond) return [{ path: [], message: `has ${beyond}` }];
    return validate(value) ? [] : faultsOf(validate.errors ?? []);
  };
  return Object.assign(check, { kind: kindOf(schema) });
}

/** A schema that allows several types, or none expressly, has values of any kind. */
function kindOf({ type, format }: JsonObject): ValueKind {
  if (type === 'string') return format === 'date' ? 'day' : 'string';
  const kinds = { integer: 'int', number: 'double', boolean: 'bool', array: 'list', object: 'map' } as const;
  return Object.hasOwn(kinds, String(type)) ? kinds[type as keyof typeof kinds] : 'dyn';
}

function compiled(ajv: Ajv2020, schema: JsonObject): ValidateFunction {
  try {
    return ajv.compile(schema);
  } catch (error) {
    const parts = newAjv();
    const { path, message } = faultOf(schema, (part) => parts.compile(part), error as Error);
    throw invalid(`${sayingWhere('accepted', path)}: ${message}.`, path);
  }
}

/**
 * The check of a schema that may be saved.
 * @throws Refusal SCHEMA_INVALID
 */
export function acceptedSchema(schema: JsonObject): Check {
  const check = compileSchema(schema);
  refuseCostlySchema(schema);
  return check;
}

/** Bounds the presentation hints of a type. @throws Refusal SCHEMA_INVALID */
export function checkPresentation(uiSchema: JsonObject): void {
  const tooMuch = excess(uiSchema, schemaBounds);
  if (tooMuch) throw new Refusal('SCHEMA_INVALID', `The UI schema has ${tooMuch}.`, { field: 'ui_schema' });
}

/** The first fault in words, for a sentence about the whole value; null without faults. */
export function complaintOf([fault]: readonly ValueFault[]): string | null {
  if (!fault) return null;
  return [...fault.path.slice(0, 1).map(() => `/${fault.path.join('/')}`), fault.message].join(' ');
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
  ajv.addFormat('time-zone', isTimeZone);
  // Drafts before 2019-09 had it, and Ajv still evaluates it: schema-cost.ts counts the keywords of 2020-12 only.
  ajv.removeKeyword('dependencies');
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

function refuseReferences(node: unknown, path: readonly string[]): void {
  if (node === null || typeof node !== 'object') return;
  for (const [key, child] of Object.entries(node)) {
    const here = [...path, key];
    if (key.startsWith('$') && !harmless.has(key)) {
      throw invalid(`The schema has ${key}; it has to stand by itself.`, here);
    }
    if (key === '$schema' && child !== draft) throw invalid('The schema must be of the draft 2020-12.', here);
    refuseReferences(child, here);
  }
}

const faultsMax = 20;

function faultsOf(errors: readonly ErrorObject[]): ValueFault[] {
  return errors.slice(0, faultsMax).map((error) => ({ path: pathOf(error), message: error.message ?? 'does not fit' }));
}

/** A missing or superfluous member is at fault itself, and not the object around it. */
function pathOf({ instancePath, keyword, params }: ErrorObject): string[] {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const member: unknown =
    keyword === 'required' || keyword === 'dependentRequired'
      ? params.missingProperty
      : (params.additionalProperty ?? params.unevaluatedProperty);
  return typeof member === 'string' ? [...path, member] : path;
}

function sayingWhere(what: string, path: readonly string[] = []): string {
  return path.length === 0 ? `The schema is not ${what}` : `The schema is not ${what} at /${path.join('/')}`;
}

function invalid(message: string, path: readonly string[] = []): Refusal {
  return new Refusal('SCHEMA_INVALID', message, { field: ['schema', ...path] });
}

import { valueBounds } from './bounded-json.js';
import { waysOf } from './pattern-cost.js';
import { inPlace, isSchema, ofItems, ofOne, ofProperties, type Schema, schemasIn } from './subschemas.js';

/**
 * Bounds the time of one check of a value against a user's schema, before the schema is accepted.
 *
 * A schema without references visits each pair of a subschema and a value at most once. So the time is at most the
 * sum, over its keywords, of the cost of one evaluation times the number of values that the keyword can see. Both
 * follow from the schema and from the bounds of values: `maxItems`, `maxProperties` and `maxLength` beside a keyword
 * lower its cost, because they are checked before it. One step is what a pattern needs for one path, a few nanoseconds.
 */

/** About a tenth of a second on a busy machine. */
const stepsMax = 20_000_000;

/** Steps of single evaluations, as measured. */
const steps = {
  /** Compiling a subschema. */
  compile: 40_000,
  /** A keyword that fails within alternatives and leaves an error behind. */
  keyword: 50,
  /** Comparing two items that may be of any type. */
  comparison: 7,
  /** Looking up an item of a scalar type. */
  lookup: 40,
  enumScalar: 6,
  enumContainer: 40,
  property: 10,
  formatCharacter: 9,
  lengthCharacter: 2,
} as const;

/** The values that a subschema can see in one check. */
interface Sight {
  /** How many values. */
  readonly values: number;
  /** The longest text, in characters. */
  readonly length: number;
  /** The length of all texts together. */
  readonly characters: number;
}

interface Cost {
  /** The names and indexes that lead to the keyword. */
  readonly path: readonly string[];
  readonly steps: number;
}

/**
 * The names and indexes that lead to the keyword at which checks of `schema` exceed the bound, in the order of the
 * document, or null when they keep it. The schema has been compiled: it is valid and refers to nothing.
 */
export function costlyKeyword(schema: Schema): readonly string[] | null {
  let total = 0;
  for (const { path, steps: cost } of costsOf(schema, [], seeing(1))) {
    total += cost;
    if (total > stepsMax) return path;
  }
  return null;
}

function* costsOf(schema: unknown, path: readonly string[], sight: Sight): Generator<Cost> {
  if (!isSchema(schema)) return;
  const own = narrowed(schema, sight);
  yield { path, steps: steps.compile };
  for (const [keyword, value] of Object.entries(schema)) {
    const here = [...path, keyword];
    yield { path: here, steps: keywordSteps(keyword, value, schema, own) };
    for (const [child, name, childSight] of childrenOf(keyword, value, schema, own)) {
      yield* costsOf(child, [...here, ...name], childSight);
    }
  }
}

function* childrenOf(
  keyword: string,
  value: unknown,
  schema: Schema,
  sight: Sight,
): Generator<[schema: unknown, name: readonly string[], sight: Sight]> {
  const childSight = sightOf(keyword, schema, sight);
  if (!childSight) return;
  for (const [name, child] of schemasIn(keyword, value)) yield [child, name, childSight];
}

/** What the schemas of a keyword can see, or null when the keyword has none. */
function sightOf(keyword: string, schema: Schema, sight: Sight): Sight | null {
  if (inPlace.has(keyword)) return sight;
  if (ofOne.has(keyword)) return seeing(sight.values);
  if (ofItems.has(keyword)) return seeing(sight.values * atMost(schema.maxItems));
  if (ofProperties.has(keyword)) return seeing(sight.values * atMost(schema.maxProperties));
  return null;
}

function seeing(values: number, length = valueBounds.textMax): Sight {
  const bounded = Math.min(values, valueBounds.nodesMax);
  return { values: bounded, length, characters: Math.min(bounded * length, valueBounds.bytesMax) };
}

/** Strings are checked against `maxLength` before anything else. */
function narrowed({ maxLength }: Schema, { values, length }: Sight): Sight {
  return seeing(values, Math.min(numberOr(maxLength, length), length));
}

/** The number of items or properties that a limit allows. */
function atMost(limit: unknown): number {
  return Math.min(numberOr(limit, valueBounds.nodesMax), valueBounds.nodesMax);
}

/** Keywords that describe, and limits that each take no time worth counting. */
const free = new Set(['$schema', '$comment', 'title', 'description', 'default', 'examples', 'deprecated']);

function keywordSteps(keyword: string, value: unknown, schema: Schema, sight: Sight): number {
  if (free.has(keyword)) return 0;
  return sight.values * steps.keyword + valueSteps(keyword, value, schema, sight);
}

/** The steps that depend on the value of the keyword, or on the values that it looks at. */
function valueSteps(keyword: string, value: unknown, schema: Schema, sight: Sight): number {
  switch (keyword) {
    case 'uniqueItems':
      return value === true ? uniqueItemsSteps(schema, sight) : 0;
    case 'enum':
      return sight.values * (value as unknown[]).reduce<number>((sum, one) => sum + comparisonSteps(one), 0);
    case 'const':
      return sight.values * comparisonSteps(value);
    case 'pattern':
      return patternSteps(value as string, sight);
    case 'patternProperties':
      return Object.keys(value as object).reduce((sum, name) => sum + patternSteps(name, seeing(Infinity)), 0);
    case 'format':
      return sight.characters * steps.formatCharacter;
    case 'minLength':
    case 'maxLength':
      return sight.characters * steps.lengthCharacter;
    case 'minProperties':
    case 'maxProperties':
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return valueBounds.nodesMax * steps.property;
    case 'required':
      return sight.values * steps.property * (value as unknown[]).length;
    case 'dependentRequired':
      return sight.values * steps.property * Object.values(value as Record<string, unknown[]>).flat().length;
    default:
      return 0;
  }
}

/** Each pair of items is compared, unless all are of one scalar type; then each item is looked up. */
function uniqueItemsSteps({ items, maxItems }: Schema, { values }: Sight): number {
  const length = atMost(maxItems);
  const lists = Math.min(values, Math.max(1, Math.floor(valueBounds.nodesMax / Math.max(1, length))));
  if (isSchema(items) && isScalarType(items.type)) return lists * length * steps.lookup;
  return (lists * length * length * steps.comparison) / 2;
}

const scalarTypes = new Set<unknown>(['integer', 'number', 'string', 'boolean', 'null']);

function isScalarType(type: unknown): boolean {
  return Array.isArray(type) ? type.length > 0 && type.every((one) => scalarTypes.has(one)) : scalarTypes.has(type);
}

/** The steps of comparing a value with one that the schema names. */
function comparisonSteps(named: unknown): number {
  if (named === null || typeof named !== 'object') return steps.enumScalar;
  return Object.values(named).reduce<number>((sum, child) => sum + comparisonSteps(child), steps.enumContainer);
}

/** As many texts of the greatest length as fit into a value: paths grow at least as fast as texts. */
function patternSteps(pattern: string, { values, length, characters }: Sight): number {
  return Math.min(values, Math.ceil(characters / Math.max(1, length))) * waysOf(pattern, length);
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

/** Keywords whose schemas see the same values as the schema that has them. */
export const inPlace: ReadonlySet<string> = new Set([
  ...['allOf', 'anyOf', 'oneOf', 'dependentSchemas', 'not', 'if', 'then', 'else'],
]);
/** Keywords whose schemas see one item or property of each value. */
export const ofOne: ReadonlySet<string> = new Set(['properties', 'prefixItems']);
/** Keywords whose schemas see every item of each value. */
export const ofItems: ReadonlySet<string> = new Set(['items', 'contains', 'unevaluatedItems']);
/** Keywords whose schemas see every property of each value. */
export const ofProperties: ReadonlySet<string> = new Set([
  ...['additionalProperties', 'patternProperties', 'propertyNames', 'unevaluatedProperties'],
]);

/** Keywords that hold schemas by name or in a list. */
const several = new Set([
  ...['allOf', 'anyOf', 'oneOf', 'dependentSchemas', 'properties', 'prefixItems', 'patternProperties'],
]);

const applying = [inPlace, ofOne, ofItems, ofProperties];

export type Schema = Readonly<Record<string, unknown>>;

/** Whether a value is a schema with keywords, and neither `true`, `false` nor something else. */
export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether the value of a keyword holds schemas. */
export function holdsSchemas(keyword: string): boolean {
  return applying.some((keywords) => keywords.has(keyword));
}

/** The schemas that a keyword holds, each with the name or index that leads to it from the keyword. */
export function* schemasIn(keyword: string, value: unknown): Generator<[name: readonly string[], schema: unknown]> {
  if (!holdsSchemas(keyword)) return;
  if (!several.has(keyword)) yield [[], value];
  else for (const [name, schema] of Object.entries(value as object)) yield [[name], schema];
}

/** Every schema with keywords inside a schema, itself first, with the names and indexes that lead to it. */
export function* subschemasOf(schema: unknown, path: readonly string[] = []): Generator<[readonly string[], Schema]> {
  if (!isSchema(schema)) return;
  yield [path, schema];
  for (const [keyword, value] of Object.entries(schema)) {
    for (const [name, inner] of schemasIn(keyword, value)) yield* subschemasOf(inner, [...path, keyword, ...name]);
  }
}

/** The schema alone: `true` stands in place of each schema that its keywords hold. */
export function withoutSubschemas(schema: Schema): Schema {
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [keyword, holdsSchemas(keyword) ? opened(keyword, value) : value]),
  );
}

function opened(keyword: string, value: unknown): unknown {
  if (!several.has(keyword)) return isSchema(value) ? true : value;
  if (Array.isArray(value)) return value.map(() => true);
  return Object.fromEntries(Object.keys(value as object).map((name) => [name, true]));
}

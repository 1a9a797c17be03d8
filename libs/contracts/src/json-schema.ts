import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/** Formats that make zod's pattern redundant; every client generator supports them. */
const spokenFormats = new Set(['uuid', 'date', 'date-time', 'email']);

/**
 * The JSON Schema (2020-12) of a contract. Schemas with an id become references `<refs><id>` and are returned in
 * `definitions`. `input` is the shape before defaults are filled in, `output` the shape after. Only strict objects
 * refuse unknown members: within a version members may be added.
 */
export function jsonSchemaOf(
  schema: z.ZodType,
  { io, refs = '#/$defs/' }: { io: 'input' | 'output'; refs?: string },
): { schema: JsonSchema; definitions: Record<string, JsonSchema> } {
  const { $schema, $defs, ...root } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    override({ zodSchema, jsonSchema }) {
      if (spokenFormats.has(jsonSchema.format ?? '')) delete jsonSchema.pattern;
      const { def } = zodSchema._zod;
      if (def.type === 'object' && !def.catchall) delete jsonSchema.additionalProperties;
      if (def.type === 'record') delete jsonSchema.propertyNames;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  }) as JsonSchema & { $defs?: Record<string, JsonSchema> };
  const definitions = Object.fromEntries(
    Object.entries($defs ?? {}).map(([name, definition]) => [name, pointed(definition, refs)]),
  );
  return { schema: pointed(root, refs), definitions };
}

function pointed<Value>(value: Value, refs: string): Value {
  if (Array.isArray(value)) return value.map((item) => pointed(item, refs)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === '$ref' && typeof member === 'string' ? member.replace('#/$defs/', refs) : pointed(member, refs),
    ]),
  ) as Value;
}

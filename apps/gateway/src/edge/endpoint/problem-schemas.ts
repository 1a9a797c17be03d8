import type { z } from 'zod';
import { type JsonSchema, jsonSchemaOf } from '#contracts/json-schema.js';
import { refusalDetails } from '#contracts/refusal-details.js';
import { problemKinds } from './problem-kinds.js';

const schemas = '#/components/schemas/';
const detailsOf: Readonly<Record<string, z.ZodObject>> = refusalDetails;

/** The schema of a problem with one of these codes: a code that has details has a schema of its own. */
export function problemSchemaOf(codes: readonly string[]): JsonSchema {
  const plain = codes.filter((code) => !detailsOf[code]);
  const shapes: JsonSchema[] = codes.filter((code) => detailsOf[code]).map((code) => ({ $ref: refOf(code) }));
  if (plain.length > 0) {
    shapes.unshift({ allOf: [{ $ref: `${schemas}Problem` }], properties: { code: { enum: plain } } });
  }
  return shapes.length === 1 ? (shapes[0] as JsonSchema) : { oneOf: shapes };
}

/** The schemas of those of the problems that have details, by their names among the components. */
export function problemSchemas(codes: ReadonlySet<string>): Record<string, JsonSchema> {
  const detailed = Object.entries(detailsOf).filter(([code]) => codes.has(code));
  return Object.fromEntries(
    detailed.map(([code, details]) => {
      const { schema } = jsonSchemaOf(details, { io: 'output', refs: schemas });
      const isRequired = Array.isArray(schema.required) && schema.required.length > 0;
      return [
        nameOf(code),
        {
          type: 'object',
          description: problemKinds[code]?.meaning,
          allOf: [{ $ref: `${schemas}Problem` }],
          properties: { code: { const: code }, details: schema },
          required: ['code', ...(isRequired ? ['details'] : [])],
        },
      ];
    }),
  );
}

/** Every problem code with its status and meaning, and the schema of its problem where an operation has it. */
export function problemCatalogue(codes: ReadonlySet<string>): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(problemKinds).map(([code, { status, meaning }]) => {
      return [code, { status, meaning, ...(detailsOf[code] && codes.has(code) && { schema: { $ref: refOf(code) } }) }];
    }),
  );
}

function refOf(code: string): string {
  return `${schemas}${nameOf(code)}`;
}

/** `ORDER_ALREADY_OPEN` is `OrderAlreadyOpenProblem`. */
function nameOf(code: string): string {
  const words = code.toLowerCase().split('_');
  return `${words.map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`).join('')}Problem`;
}

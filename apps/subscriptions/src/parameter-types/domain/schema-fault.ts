import { isDeepStrictEqual } from 'node:util';
import { type Schema, subschemasOf, withoutSubschemas } from './subschemas.js';

/** Where a schema is refused, and why. */
export interface SchemaFault {
  /** The names and indexes that lead to the keyword. */
  readonly path: readonly string[];
  readonly message: string;
}

/**
 * The keyword at which a schema does not compile. Each of its schemas is compiled without those inside it, so that the
 * search costs about as much as compiling the whole once.
 * @param compile throws where a schema does not compile
 * @param whole the error for the whole schema, which is the answer where no part fails by itself
 */
export function faultOf(schema: Schema, compile: (schema: Schema) => unknown, whole: Error): SchemaFault {
  for (const [path, part] of subschemasOf(schema)) {
    const alone = withoutSubschemas(part);
    const error = errorOf(() => compile(alone));
    if (error) return { path: [...path, ...keywordAtFault(alone, compile, error)], message: plain(error.message) };
  }
  return { path: [], message: plain(whole.message) };
}

/** The keyword without which the schema compiles, or fails for another reason. */
function keywordAtFault(schema: Schema, compile: (schema: Schema) => unknown, error: Error): string[] {
  const found = Object.keys(schema).find((keyword) => {
    const { [keyword]: _, ...others } = schema;
    const without = errorOf(() => compile(others));
    return !isDeepStrictEqual(without?.message, error.message);
  });
  return found === undefined ? [] : [found];
}

function errorOf(work: () => unknown): Error | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** The sentence of the compiler without its own path, which is that of a part. */
function plain(message: string): string {
  return message.replace(/^strict mode: /, '').replace(/ at path "#[^"]*"/, '');
}

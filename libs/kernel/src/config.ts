import { z } from 'zod';
import { isExampleValue } from './example-values.js';

/** The settings are wrong: an operator must correct them before the service can start. */
export class Misconfigured extends Error {
  override readonly name = 'Misconfigured';
}

/**
 * Reads a service's settings from the environment, once, at boot. Empty values count as missing. In production no
 * variable of the schema may have a value of the examples, which everybody can read.
 * @throws Misconfigured naming every variable that is missing or wrong.
 */
export function readConfig<Schema extends z.ZodType>(schema: Schema, environment: NodeJS.ProcessEnv): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  const faults = (parsed.error?.issues ?? []).map(({ path, code, message }) => {
    // A refinement of the schema has a message of its own.
    const isMissing = code !== 'custom' && !(String(path[0]) in given);
    return `${path.join('.')}: ${isMissing ? 'is missing' : message}`;
  });
  if (environment.NODE_ENV === 'production') faults.push(...copiedFromExamples(schema, given));
  if (parsed.success && faults.length === 0) return parsed.data;
  throw new Misconfigured(`This service cannot start with these settings:\n  ${faults.join('\n  ')}`);
}

function copiedFromExamples(schema: z.ZodType, given: NodeJS.ProcessEnv): string[] {
  const names = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  return names
    .filter((name) => isExampleValue(given[name] ?? ''))
    .map((name) => `${name}: has a value of the examples; set one of your own`);
}

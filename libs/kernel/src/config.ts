import type { z } from 'zod';

/** The settings are wrong: an operator must correct them before the service can start. */
export class Misconfigured extends Error {
  override readonly name = 'Misconfigured';
}

/**
 * Reads a service's settings from the environment, once, at boot. Empty values count as missing.
 * @throws Misconfigured naming every variable that is missing or wrong.
 */
export function readConfig<Schema extends z.ZodType>(schema: Schema, environment: NodeJS.ProcessEnv): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, code, message }) => {
    // A refinement of the schema has a message of its own.
    const isMissing = code !== 'custom' && !(String(path[0]) in given);
    return `${path.join('.')}: ${isMissing ? 'is missing' : message}`;
  });
  throw new Misconfigured(`This service cannot start with these settings:\n  ${faults.join('\n  ')}`);
}

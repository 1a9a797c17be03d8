import { z } from 'zod';
import { readConfig } from '#kernel/config.js';

/**
 * The URL of a service's own database: `<SERVICE>_DATABASE_URL` when that is set, or else
 * `matricula_<service>` on the server that `DATABASE_URL` names.
 * @throws Misconfigured
 */
export function readDatabaseUrl(service: string, environment: NodeJS.ProcessEnv): string {
  const own = `${service.toUpperCase()}_DATABASE_URL`;
  const variables = z
    .object({ DATABASE_URL: z.url().optional(), [own]: z.url().optional() })
    .refine((given) => given.DATABASE_URL ?? given[own], {
      path: ['DATABASE_URL'],
      error: `is missing (or name the database itself in ${own})`,
    });
  const given = readConfig(variables, environment);
  return given[own] ?? databaseUrlOf(service, given.DATABASE_URL as string);
}

/** `DATABASE_URL` names a server; each service has its own database on it. */
function databaseUrlOf(service: string, serverUrl: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/matricula_${service}`;
  return url.toString();
}

import { z } from 'zod';
import { readConfig } from '#kernel/config.js';

/**
 * The URL of a service's own database: `<SERVICE>_DATABASE_URL` when that is set, or else
 * `matricula_<service>` on the server that `DATABASE_URL` names. Its role is the runtime role of the service.
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

/** The two roles of a service at its database. */
export interface DatabaseRoles {
  /** Connects as the role that owns the database and all in it. */
  readonly ownerUrl: string;
  /** The role that the service runs as, which owns nothing; undefined where the owner runs it (for development). */
  readonly runtimeRole: string | undefined;
}

/**
 * For migrations: `<SERVICE>_MIGRATION_DATABASE_URL` connects as the owner, and the role in the service's own database
 * URL is granted what it needs. Without that variable the service runs as the owner, which production forbids.
 * @throws Misconfigured
 */
export function readDatabaseRoles(service: string, environment: NodeJS.ProcessEnv): DatabaseRoles {
  const runtimeUrl = readDatabaseUrl(service, environment);
  const variable = `${service.toUpperCase()}_MIGRATION_DATABASE_URL`;
  const variables = z
    .object({ [variable]: z.url().optional(), NODE_ENV: z.string().optional() })
    .refine(
      (given) => given.NODE_ENV !== 'production' || (given[variable] && !isSameRole(given[variable], runtimeUrl)),
      {
        path: [variable],
        error: 'names the owner of the database, another role than the one that the service runs as',
      },
    );
  const ownerUrl = readConfig(variables, environment)[variable] ?? runtimeUrl;
  return { ownerUrl, runtimeRole: isSameRole(ownerUrl, runtimeUrl) ? undefined : roleOf(runtimeUrl) };
}

/** The role that a database URL connects as. */
export function roleOf(url: string): string {
  return decodeURIComponent(new URL(url).username);
}

function isSameRole(one: string, other: string): boolean {
  return roleOf(one) === roleOf(other);
}

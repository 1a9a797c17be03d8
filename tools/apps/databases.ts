import type { DatabaseApp } from './apps.ts';

/** `PAYMENTS_DATABASE_URL` and so on: names an app's own database, wherever it is. */
export function databaseVariable(app: DatabaseApp): string {
  return `${app.toUpperCase()}_DATABASE_URL`;
}

/** `PAYMENTS_MIGRATION_DATABASE_URL` and so on: the same database, as its owner. */
export function migrationVariable(app: DatabaseApp): string {
  return `${app.toUpperCase()}_MIGRATION_DATABASE_URL`;
}

/** Where an app keeps its data, as the app itself reads it from this environment. */
export function databaseUrl(app: DatabaseApp, env: NodeJS.ProcessEnv): string {
  const own = env[databaseVariable(app)];
  if (own) return own;
  const server = env.DATABASE_URL;
  if (!server) throw new Error(`Neither DATABASE_URL nor ${databaseVariable(app)} is set`);
  return Object.assign(new URL(server), { pathname: `/matricula_${app}` }).href;
}

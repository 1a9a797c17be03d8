import type { App } from './apps.ts';

/** `PAYMENTS_DATABASE_URL` and so on: names an app's own database, wherever it is. */
export function databaseVariable(app: App): string {
  return `${app.toUpperCase()}_DATABASE_URL`;
}

/** Where an app keeps its data, as the app itself reads it from this environment. */
export function databaseUrl(app: App, env: NodeJS.ProcessEnv): string {
  const own = env[databaseVariable(app)];
  if (own) return own;
  const server = env.DATABASE_URL;
  if (!server) throw new Error(`Neither DATABASE_URL nor ${databaseVariable(app)} is set`);
  return Object.assign(new URL(server), { pathname: `/matricula_${app}` }).href;
}

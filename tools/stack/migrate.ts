import { CliError } from '../terminal.ts';
import { appNames } from './apps.ts';
import { runEntryPoint } from './entry-point.ts';

/** Brings the databases of all services to the newest migration, side by side. */
export async function migrateAll(env: NodeJS.ProcessEnv): Promise<void> {
  const results = await Promise.all(appNames.map((app) => runEntryPoint(app, 'migrate', env)));
  const failed = results.find(({ code }) => code !== 0);
  if (failed) throw new CliError(`The migrations of ${failed.app} failed:\n${failed.output}`);
}

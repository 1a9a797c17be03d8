import { databaseApps } from '../apps/apps.ts';
import { runEntryPoint } from '../apps/entry-point.ts';
import { CliError } from '../terminal.ts';
import type { StackSettings } from './settings.ts';

/** Brings the databases of all services to the newest migration, side by side. */
export async function migrateAll(settings: StackSettings): Promise<void> {
  const results = await Promise.all(
    databaseApps.map((app) => runEntryPoint(app, 'migrate', settings.ofMigrations(app))),
  );
  const failed = results.find(({ code }) => code !== 0);
  if (failed) throw new CliError(`The migrations of ${failed.app} failed:\n${failed.output}`);
}

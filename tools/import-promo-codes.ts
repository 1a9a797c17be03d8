import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { accountsOf } from './apps/accounts.ts';
import { runEntryPoint } from './apps/entry-point.ts';
import { issuerAt } from './stack/openid.ts';
import { theRun } from './stack/running.ts';
import { serverUrls } from './stack/servers.ts';
import { stackSettings } from './stack/settings.ts';
import { CliError, runCommand } from './terminal.ts';
import { build } from './workspace/build.ts';
import { givenEnvironment } from './workspace/environment.ts';
import { root } from './workspace/root.ts';

/**
 * `npm run import:promo-codes -- --codes FILE --users FILE [--dry-run]`: imports files of mongoexport from a legacy
 * system, into the database that the environment names, or that of the running system.
 */
await runCommand(async () => {
  const env = environment();
  await build();
  const migrated = await runEntryPoint('promotions', 'migrate', env);
  if (migrated.code !== 0) throw new CliError(`The database could not be migrated:\n${migrated.output}`);
  const program = resolve(root, 'dist/apps/promotions/src/import.js');
  const child = spawn(process.execPath, ['--enable-source-maps', program, ...filesFromHere(process.argv.slice(2))], {
    env,
    stdio: 'inherit',
  });
  return new Promise<number>((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done(code ?? 1));
  });
});

function environment(): NodeJS.ProcessEnv {
  const given = givenEnvironment();
  if (given.DATABASE_URL ?? given.PROMOTIONS_DATABASE_URL) return given;
  const { home, ports } = theRun();
  const urls = serverUrls(home, given);
  const accounts = accountsOf(home, given, urls);
  return stackSettings(home, given, { urls, accounts, ports, issuer: issuerAt(home, ports) }).ofMigrations(
    'promotions',
  );
}

/** npm runs scripts in the root of the project, and notes where it was called; files are named from there. */
function filesFromHere(args: readonly string[]): string[] {
  const here = process.env.INIT_CWD ?? process.cwd();
  return args.map((arg, index) => (['--codes', '--users'].includes(args[index - 1] ?? '') ? resolve(here, arg) : arg));
}

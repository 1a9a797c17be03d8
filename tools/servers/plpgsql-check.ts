import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { say, step } from '../terminal.ts';
import { type Home, startHome } from '../workspace/home.ts';
import { exclusively } from '../workspace/lock.ts';
import { isDebian, privateApt, run } from './debian.ts';
import { arrangedPostgres } from './servers.ts';

/**
 * The folder of plpgsql_check for the private Postgres of `home`: its library, and the script that declares its
 * functions. Fetched from Debian once and unpacked; nothing is installed into the server.
 * @returns undefined where the server is not Debian's own, or Debian cannot be reached: tests then check less
 */
export async function plpgsqlCheck(home: Home): Promise<string | undefined> {
  const release = /\/postgresql\/(\d+)\/bin$/.exec(arrangedPostgres(home) ?? '')?.[1];
  if (!release || !isDebian()) return undefined;
  const folder = join(startHome().enterable('tools'), `plpgsql-check-${release}`);
  return exclusively(`${folder}.lock`, async () => {
    if (existsSync(folder)) return folder;
    try {
      await step('plpgsql_check fetched from Debian into .matricula', () => fetch(release, folder));
      return folder;
    } catch (error) {
      say(`  plpgsql_check is missing (${(error as Error).message}): functions are checked for syntax alone`);
      return undefined;
    }
  });
}

async function fetch(release: string, folder: string): Promise<void> {
  const work = `${folder}.${process.pid}`;
  const apt = join(work, 'apt');
  try {
    mkdirSync(apt, { recursive: true });
    const aptGet = privateApt(apt);
    await aptGet('update');
    await aptGet('download', `postgresql-${release}-plpgsql-check`);
    const archive = readdirSync(apt).find((file) => file.endsWith('.deb')) as string;
    await run('dpkg', ['-x', join(apt, archive), join(work, 'unpacked')], work);
    mkdirSync(join(work, 'found'));
    const files = [`usr/lib/postgresql/${release}/lib/plpgsql_check.so`, ...scriptIn(join(work, 'unpacked'), release)];
    for (const file of files) renameSync(join(work, 'unpacked', file), join(work, 'found', nameOf(file)));
    mkdirSync(dirname(folder), { recursive: true });
    renameSync(join(work, 'found'), folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function scriptIn(unpacked: string, release: string): string[] {
  const extension = `usr/share/postgresql/${release}/extension`;
  const scripts = readdirSync(join(unpacked, extension)).filter((file) => /^plpgsql_check--[\d.]+\.sql$/.test(file));
  return scripts.map((file) => join(extension, file));
}

function nameOf(file: string): string {
  return file.endsWith('.so') ? 'plpgsql_check.so' : 'plpgsql_check.sql';
}

import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './root.ts';

/**
 * The private folder of one running system: `.matricula` for `npm start`, `.matricula/test` for `npm test`.
 * What is here belongs to this clone and to nobody else.
 */
export class Home {
  readonly path: string;
  readonly logs: string;
  readonly processes: string;
  /** The servers' data. Reachable for the user they run as, which may not be able to enter the clone. */
  readonly servers: string;

  constructor(path: string) {
    this.path = path;
    this.logs = this.#folder('logs');
    this.processes = this.#folder('processes');
    this.servers = this.enterable('servers');
  }

  /** A folder that the servers' user can enter: below this one, or elsewhere with a link to it. */
  enterable(name: string): string {
    return enterableByAnybody(this.path) ? this.#folder(name) : this.#folderElsewhere(name);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  log(name: string): string {
    return join(this.logs, `${name}.log`);
  }

  /** Each run begins its logs anew; those of the run before are kept beside them. */
  rotateLogs(): void {
    for (const file of readdirSync(this.logs).filter((name) => name.endsWith('.log'))) {
      renameSync(join(this.logs, file), join(this.logs, `${file}.1`));
    }
  }

  read<T>(name: string): T | undefined {
    try {
      return JSON.parse(readFileSync(this.file(name), 'utf8')) as T;
    } catch {
      return undefined;
    }
  }

  /** Replaces the file in one step, readable by its owner alone: most of what is kept here is secret. */
  write(name: string, content: unknown): void {
    const path = this.file(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }

  remove(name: string): void {
    rmSync(this.file(name), { recursive: true, force: true });
  }

  /** Forgets what the servers keep here; what containers keep is not. */
  emptyServers(): void {
    rmSync(this.servers, { recursive: true, force: true });
    mkdirSync(this.servers, { recursive: true });
  }

  /** Removes everything but what was fetched, and the home of the tests; what containers keep is not here. */
  forget(): void {
    rmSync(this.servers, { recursive: true, force: true });
    for (const name of readdirSync(this.path)) {
      if (name !== 'tools' && name !== 'test') this.remove(name);
    }
  }

  /** Reads a file, or makes it up once and keeps it. */
  keep<T>(name: string, make: () => T): T {
    const kept = this.read<T>(name);
    if (kept !== undefined) return kept;
    const made = make();
    this.write(name, made);
    return made;
  }

  #folder(name: string): string {
    const path = join(this.path, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  #folderElsewhere(name: string): string {
    const link = this.file(name);
    const elsewhere = join(
      '/var/lib/matricula',
      createHash('sha256').update(this.path).digest('hex').slice(0, 12),
      name,
    );
    mkdirSync(elsewhere, { recursive: true });
    mkdirSync(this.path, { recursive: true });
    if (!existsSync(link)) symlinkSync(elsewhere, link);
    return elsewhere;
  }
}

/** As root the servers run as another user, who must be able to enter every folder above their data. */
function enterableByAnybody(path: string): boolean {
  if (process.getuid?.() !== 0) return true;
  for (let folder = existsSync(path) ? path : dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if (!existsSync(folder) || folder.startsWith(join(root, '.matricula'))) continue;
    if ((statSync(folder).mode & 0o001) === 0) return false;
  }
  return true;
}

export const startHome = () => new Home(join(root, '.matricula'));
export const testHome = () => new Home(join(root, '.matricula', 'test'));

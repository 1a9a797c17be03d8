import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../terminal.ts';
import { descendantsOf, identify, isAlive, type ProcessIdentity } from './identity.ts';

export interface ProcessPlan {
  /** Unique among the processes of one home. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly log: string;
  readonly stopSignal?: NodeJS.Signals;
  readonly stopWithinMs?: number;
  /** A slow machine is no failure: it is reported as one only after long (three minutes). */
  readonly readyWithinMs?: number;
  /** Called before each start, for what has to be there: a data folder, a configuration file. */
  readonly prepare?: () => void | Promise<void>;
  /** Asked again and again after the start, until it answers true. */
  readonly isReady: () => Promise<boolean>;
}

interface ProcessRecord extends ProcessIdentity {
  readonly stopSignal: NodeJS.Signals;
  readonly stopWithinMs: number;
}

/**
 * A process that outlives the process that started it, until it is stopped. It leads a process group of its own, so
 * that Ctrl-C reaches the launcher alone, which then stops everything in order; and it is known by a file, so that any
 * process (a test, the next launcher) can stop, kill or start it again.
 */
export class ManagedProcess {
  readonly #plan: ProcessPlan;
  readonly #file: string;
  #whenExited: Promise<string> | undefined;

  constructor(plan: ProcessPlan, folder: string) {
    this.#plan = plan;
    this.#file = join(folder, `${plan.name}.json`);
  }

  get name(): string {
    return this.#plan.name;
  }

  /** Its process, or the last one that it was. */
  get pid(): number | undefined {
    return readRecord(this.#file)?.pid;
  }

  get isRunning(): boolean {
    const record = readRecord(this.#file);
    return record !== undefined && isAlive(record);
  }

  /** How the process that this object started came to its end, once it has. */
  get whenExited(): Promise<string> | undefined {
    return this.#whenExited;
  }

  /** Starts it and waits until it is ready. Does nothing when it runs already. */
  async start(): Promise<void> {
    if (!this.isRunning) {
      await this.#plan.prepare?.();
      this.#spawn();
    }
    await this.#ready();
  }

  /** Asks it to end, and makes it end when it takes too long. */
  async stop(): Promise<void> {
    await stopByName(dirname(this.#file), this.name);
  }

  /** Ends it and its children at once, as a crash would. */
  async kill(): Promise<void> {
    const record = readRecord(this.#file);
    if (!record) return;
    signalFamily(record, 'SIGKILL');
    await gone(record, 10_000);
    rmSync(this.#file, { force: true });
  }

  /** Freezes it: its connections stay open and nothing answers. */
  pause(): void {
    const record = readRecord(this.#file);
    if (record) signalFamily(record, 'SIGSTOP');
  }

  resume(): void {
    const record = readRecord(this.#file);
    if (record) signalFamily(record, 'SIGCONT');
  }

  #spawn(): void {
    const { command, args, env, cwd, user, log, stopSignal = 'SIGTERM', stopWithinMs = 20_000 } = this.#plan;
    mkdirSync(dirname(log), { recursive: true });
    const output = openSync(log, 'a');
    const child = spawn(command, args, { cwd, env, ...user, detached: true, stdio: ['ignore', output, output] });
    closeSync(output);
    this.#whenExited = new Promise((resolve) => {
      child.on('error', (error) => resolve(error.message));
      child.on('exit', (code, by) => resolve(by ? `ended by ${by}` : `exit code ${code}`));
    });
    // The launcher decides itself how long it stays.
    child.unref();
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (identity) writeRecord(this.#file, { ...identity, stopSignal, stopWithinMs });
  }

  async #ready(): Promise<void> {
    const { name, log, isReady, readyWithinMs = 180_000 } = this.#plan;
    const deadline = performance.now() + readyWithinMs;
    while (!(await isReady())) {
      let ended = await Promise.race([this.#whenExited, sleep(50)]);
      // It may be gone a moment before its exit is known.
      if (!this.isRunning) ended ??= (await this.#whenExited) ?? 'it ended';
      if (ended !== undefined) {
        throw new CliError(`${name} did not start (${ended}). The end of ${log}:\n${tail(log)}`);
      }
      if (performance.now() > deadline) {
        throw new CliError(`${name} was not ready after ${readyWithinMs / 1000} s. The end of ${log}:\n${tail(log)}`);
      }
    }
  }
}

/**
 * Stops every process that the folder lists, such as a launcher left behind that was killed itself.
 * Answers the names of those that were running.
 */
export async function stopAll(folder: string, chosen: (name: string) => boolean = () => true): Promise<string[]> {
  const names = readdirSync(folder)
    .map((file) => file.replace('.json', ''))
    .filter(chosen);
  const stopped = await Promise.all(names.map(async (name) => ((await stopByName(folder, name)) ? [name] : [])));
  return stopped.flat();
}

/** Answers whether it was running. */
async function stopByName(folder: string, name: string): Promise<boolean> {
  const file = join(folder, `${name}.json`);
  const record = readRecord(file);
  const wasRunning = record !== undefined && isAlive(record);
  if (wasRunning) {
    // A frozen one would never receive it.
    signalFamily(record, 'SIGCONT');
    signal(record.pid, record.stopSignal);
    if (!(await gone(record, record.stopWithinMs))) {
      signalFamily(record, 'SIGKILL');
      await gone(record, 5_000);
    }
  }
  rmSync(file, { force: true });
  return wasRunning;
}

/** Ends at once all that is left, for a user who does not want to wait. */
export function killAll(folder: string): void {
  for (const file of readdirSync(folder)) {
    const record = readRecord(join(folder, file));
    if (record) signalFamily(record, 'SIGKILL');
  }
}

/** The last lines of a log, which nearly always say why a process ended. */
export function tail(log: string, lines = 15): string {
  try {
    return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '(there is no log)';
  }
}

async function gone(identity: ProcessIdentity, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (isAlive(identity)) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

/** Children are looked up, since some of them (Postgres's are) lead process groups of their own. */
function signalFamily(leader: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isAlive(leader)) return;
  for (const pid of [leader.pid, ...descendantsOf(leader.pid)]) signal(pid, name);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function readRecord(file: string): ProcessRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessRecord;
  } catch {
    return undefined;
  }
}

function writeRecord(file: string, record: ProcessRecord): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(record));
  renameSync(`${file}.new`, file);
}

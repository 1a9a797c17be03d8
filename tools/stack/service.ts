import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../apps/apps.ts';
import { entryPoint } from '../apps/entry-point.ts';
import { ManagedProcess, tail } from '../processes/managed-process.ts';
import { isFree } from '../processes/ports.ts';
import { CliError } from '../terminal.ts';
import { root } from '../workspace/root.ts';

export interface ServicePlan {
  readonly app: App;
  /** Unique in its folder of processes; an app may run more than once. */
  readonly name: string;
  /** Where its clients reach it; undefined without routes of its own. */
  readonly url: string | undefined;
  /** Where its health and metrics are. */
  readonly operationsUrl: string;
  readonly env: NodeJS.ProcessEnv | undefined;
  readonly log: string;
}

/** One running instance of an app. */
export class Service extends ManagedProcess {
  readonly app: App;
  readonly operationsUrl: string;
  readonly #url: string | undefined;
  readonly #log: string;

  constructor({ app, name, url, operationsUrl, env, log }: ServicePlan, folder: string) {
    const args = ['--enable-source-maps', entryPoint(app, 'main')];
    const plan = {
      name,
      command: process.execPath,
      args,
      env,
      cwd: root,
      log,
      stopWithinMs: 30_000,
      prepare: async () => {
        if (url) await mustBeFree(url);
        await mustBeFree(operationsUrl);
      },
      isReady: () => isHealthy(operationsUrl),
    };
    super(plan, folder);
    this.app = app;
    this.#url = url;
    this.operationsUrl = operationsUrl;
    this.#log = log;
  }

  /** Where its clients reach it. */
  get url(): string {
    if (!this.#url) throw new Error(`${this.name} has no routes for clients`);
    return this.#url;
  }

  /**
   * Asks it to end, which it does well, and not because its time is up: that would cut off what it is at.
   * @throws CliError when this object started it and it ended otherwise
   */
  override async stop(): Promise<void> {
    const wasRunning = this.isRunning;
    await super.stop();
    // It is gone, and its exit is known within moments; a child by itself keeps no process waiting for that.
    const ended = await Promise.race([this.whenExited, sleep(1_000)]);
    if (wasRunning && ended !== undefined && ended !== 'exit code 0') {
      throw new CliError(`${this.name} did not stop well (${ended}). The end of ${this.#log}:\n${tail(this.#log)}`);
    }
  }
}

/** A process that was killed is known to be dead a moment before its last thread has let go of the port. */
const portFreeWithinMs = 3_000;

/** Somebody else's service on this port would look just as healthy. */
async function mustBeFree(url: string): Promise<void> {
  const { host, port } = new URL(url);
  const deadline = performance.now() + portFreeWithinMs;
  while (!(await isFree(Number(port)))) {
    if (performance.now() > deadline) throw new CliError(`Another program listens on ${host}.`);
    await sleep(50);
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}

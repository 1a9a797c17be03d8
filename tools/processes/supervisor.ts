import { setTimeout as sleep } from 'node:timers/promises';
import type { ManagedProcess } from './managed-process.ts';

const attemptsMax = 8;
const pauseMaxMs = 30_000;
const usually = { firstPauseMs: 500 };
/** After this long without trouble a process has earned its attempts back. */
const steadyAfterMs = 60_000;

export interface Watch {
  readonly say: (text: string) => void;
  /** Called once a process has failed so often that starting it again is pointless. */
  readonly giveUp: (process: ManagedProcess, reason: string) => void;
}

/** Starts processes again when they die, after a pause that doubles each time. */
export class Supervisor {
  readonly #watch: Watch;
  readonly #firstPauseMs: number;
  readonly #stopping = new AbortController();

  constructor(watch: Watch, { firstPauseMs } = usually) {
    this.#watch = watch;
    this.#firstPauseMs = firstPauseMs;
  }

  guard(process: ManagedProcess): void {
    void this.#keepRunning(process);
  }

  /** From now on the end of a process is not a failure. */
  release(): void {
    this.#stopping.abort();
  }

  async #keepRunning(process: ManagedProcess): Promise<void> {
    let attempts = 0;
    for (;;) {
      const runningSince = performance.now();
      let reason = await process.whenExited;
      if (reason === undefined || this.#isOver) return;
      if (performance.now() - runningSince > steadyAfterMs) attempts = 0;
      while (!this.#isOver) {
        if (attempts === attemptsMax) return this.#watch.giveUp(process, reason);
        const pauseMs = Math.min(pauseMaxMs, this.#firstPauseMs * 2 ** attempts);
        attempts += 1;
        this.#watch.say(`${process.name} stopped (${reason}); starting it again in ${pauseMs / 1000} s`);
        await this.#pause(pauseMs);
        if (this.#isOver) return;
        try {
          await process.start();
          this.#watch.say(`${process.name} runs again`);
          break;
        } catch (error) {
          reason = (error as Error).message;
        }
      }
      if (this.#isOver) return;
    }
  }

  get #isOver(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #pause(pauseMs: number): Promise<void> {
    await sleep(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
  }
}

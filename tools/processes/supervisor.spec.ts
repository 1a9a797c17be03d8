import { describe, expect, it } from '@jest/globals';
import { eventually } from '../../test/support/eventually.js';
import type { ManagedProcess } from './managed-process.ts';
import { Supervisor } from './supervisor.ts';

/** Stands in for a process: it ends on request, and `starts` says how often it was started. */
class Puppet {
  readonly name = 'puppet';
  starts = 0;
  whenExited: Promise<string> | undefined;
  #end: (reason: string) => void = () => {};
  readonly #failsToStart: boolean;

  constructor(failsToStart = false) {
    this.#failsToStart = failsToStart;
    this.#live();
  }

  async start(): Promise<void> {
    this.starts += 1;
    if (this.#failsToStart) throw new Error('no such file');
    this.#live();
  }

  end(reason: string): void {
    this.#end(reason);
  }

  #live(): void {
    this.whenExited = new Promise((resolve) => {
      this.#end = resolve;
    });
  }
}

function supervised(puppet: Puppet, pauseMs = 1) {
  const said: string[] = [];
  const givenUp: string[] = [];
  const supervisor = new Supervisor(
    { say: (text) => said.push(text), giveUp: (_, reason) => givenUp.push(reason) },
    { firstPauseMs: pauseMs },
  );
  supervisor.guard(puppet as unknown as ManagedProcess);
  return { supervisor, said, givenUp };
}

describe('a supervisor', () => {
  it('starts a process again each time it ends, and says so', async () => {
    const puppet = new Puppet();
    const { said, supervisor } = supervised(puppet);
    for (const round of [1, 2, 3]) {
      puppet.end(`exit code ${round}`);
      await eventually(() => expect(said.filter((text) => text === 'puppet runs again')).toHaveLength(round));
    }
    expect(puppet.starts).toBe(3);
    expect(said[0]).toContain('puppet stopped (exit code 1)');
    supervisor.release();
  });

  it('gives up on one that does not stay up', async () => {
    const puppet = new Puppet(true);
    const { givenUp } = supervised(puppet);
    puppet.end('exit code 1');
    await eventually(() => expect(givenUp).toEqual(['no such file']));
    expect(puppet.starts).toBe(8);
  });

  it('lets a process end once it is released', async () => {
    const puppet = new Puppet();
    const { supervisor, said } = supervised(puppet, 60_000);
    puppet.end('exit code 1');
    await eventually(() => expect(said).toHaveLength(1));
    supervisor.release();
    await new Promise(setImmediate);
    expect(puppet.starts).toBe(0);
  });
});

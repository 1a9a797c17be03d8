import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  /** Milliseconds after which the last failure is thrown. */
  withinMs?: number;
  everyMs?: number;
}

/**
 * Runs `attempt` until it neither throws nor answers `false`, and gives its answer.
 * What it threw last is what the test reports when the deadline passes.
 */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  patience: Patience = {},
): Promise<Exclude<T, false>> {
  const { withinMs = 20_000, everyMs = 25 } = patience;
  const deadline = performance.now() + withinMs;
  for (;;) {
    let failure: unknown;
    try {
      const answer = await attempt();
      if (answer !== false) return answer as Exclude<T, false>;
      failure = new Error('the condition stayed false');
    } catch (error) {
      failure = error;
    }
    if (performance.now() >= deadline) throw failure;
    await sleep(everyMs);
  }
}

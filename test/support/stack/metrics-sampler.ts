import { setTimeout as sleep } from 'node:timers/promises';
import { appNames } from '../../../tools/apps/apps.ts';
import { messagingServices } from '../../../tools/verification/under-way.ts';
import { rows } from './invariants.js';
import type { Stack } from './stack.js';

const everyMs = 200;

/**
 * What each service holds, looked at again and again while something happens to it. What cannot be asked at the moment,
 * because it was killed, is asked the next time.
 */
export class MetricsSampler {
  /** The most that was seen, by service. */
  readonly outboxDepth = new Map<string, number>();
  readonly eventsInHand = new Map<string, number>();
  readonly residentBytes = new Map<string, number>();
  readonly #stack: Stack;
  readonly #watching: Promise<void>;
  #over = false;

  constructor(stack: Stack) {
    this.#stack = stack;
    this.#watching = this.#watch();
  }

  async stop(): Promise<void> {
    this.#over = true;
    await this.#watching;
  }

  async #watch(): Promise<void> {
    while (!this.#over) {
      await Promise.allSettled([
        ...messagingServices.map((service) => this.#lookIntoOutbox(service)),
        ...appNames.flatMap((app) =>
          this.#stack.instancesOf(app).map(({ name, operationsUrl }) => this.#lookAtMetrics(name, operationsUrl)),
        ),
      ]);
      await sleep(everyMs);
    }
  }

  async #lookIntoOutbox(service: (typeof messagingServices)[number]): Promise<void> {
    const sql = 'select count(*)::int as depth from outbox';
    const [outbox] = await rows<{ depth: number }>(this.#stack, service, sql);
    keepMost(this.outboxDepth, service, outbox?.depth);
  }

  async #lookAtMetrics(name: string, url: string): Promise<void> {
    const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(2_000) });
    const metrics = await answer.text();
    const gaugeOf = (gauge: string) => {
      const [, value] = new RegExp(`^${gauge}(?:\\{.*\\})? (\\S+)$`, 'm').exec(metrics) ?? [];
      return value === undefined ? undefined : Number(value);
    };
    keepMost(this.eventsInHand, name, gaugeOf('messaging_unsettled_events'));
    keepMost(this.residentBytes, name, gaugeOf('process_resident_memory_bytes'));
  }
}

function keepMost(seen: Map<string, number>, of: string, value: number | undefined): void {
  if (value !== undefined) seen.set(of, Math.max(value, seen.get(of) ?? 0));
}

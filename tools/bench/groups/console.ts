import { setTimeout as sleep } from 'node:timers/promises';
import { HttpBrowser } from '../../../test/support/console/http-browser.ts';
import { appNames } from '../../apps/apps.ts';
import { fire, type LoadReport, percentile, wireRequest } from '../http-load.ts';
import type { Measure } from '../measure.ts';
import { seedOpenOrders } from '../seed.ts';
import { figureRow, type Row } from '../table.ts';

/** What the console may add to a relayed call, at the median. */
const budgetMs = 1;
const openedAtOnce = 20;

/** What the console adds to a call, beside the same call at the gateway in turn, and how many streams it holds. */
export async function measureConsole({ environment, sizes, seconds, series }: Measure): Promise<Row[]> {
  const orders = await seedOpenOrders(environment, series(), 1);
  await Promise.all([environment.startServices(...appNames), environment.openid.start()]);
  try {
    const { urls } = environment;
    const browser = new HttpBrowser();
    await browser.signIn(urls.console, { role: 'admin' });
    const token = await environment.issuer.token('admin', 'development-admin');
    const headers = {
      direct: { authorization: `Bearer ${token}` },
      relayed: { cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    };
    const direct = roundOf(urls.gateway, headers.direct);
    const relayed = roundOf(urls.console, headers.relayed);

    await inTurn(direct, relayed, seconds);
    const usedBefore = await processorSeconds(environment.operationsUrl('console'));
    const idle = await inTurn(direct, relayed, seconds);
    const used = (await processorSeconds(environment.operationsUrl('console'))) - usedBefore;
    const streams = await Streams.open(
      `${urls.console}/api/orders/${orders.orderId(0)}/events`,
      headers.relayed,
      sizes.streams,
    );
    const busy = await inTurn(direct, relayed, seconds);
    await sleep(sizes.streamsHeldMs);
    const held = streams.alive;
    streams.close();
    return [
      addedRow('added to a relayed call, one at a time, p50', idle),
      figureRow('console', 'processor time of the console per relayed call', (used * 1_000) / idle.calls, 'ms'),
      addedRow(`the same beside ${sizes.streams} streams`, busy),
      {
        ...figureRow(
          'console',
          `streams held for ${sizes.streamsHeldMs / 1_000} s, of ${sizes.streams}`,
          held,
          'streams',
        ),
        ratio: held / sizes.streams,
        must: '>= 1 x',
      },
    ];
  } finally {
    await environment.stopServices();
    await environment.openid.stop();
  }
}

interface Medians {
  readonly direct: number;
  readonly relayed: number;
  /** How many were relayed. */
  readonly calls: number;
}

/** A route that the gateway does not have: it answers by itself, so that no service adds to what is measured. */
const path = '/api/nothing';
const roundsEach = 4;

/** One connection that calls the route for so many seconds. */
const roundOf = (url: string, headers: Record<string, string>) => {
  const target = new URL(path, url);
  const request = wireRequest('GET', target, headers);
  return async (seconds: number): Promise<LoadReport> => {
    const report = await fire({ url: target.href, connections: 1, seconds, next: () => request });
    if ((report.statuses['404'] ?? 0) !== report.answers)
      throw new Error(`answered ${JSON.stringify(report.statuses)}`);
    return report;
  };
};
type Round = ReturnType<typeof roundOf>;

/** Rounds of one and the other in turn, so that what else happens on the machine happens to both. */
async function inTurn(direct: Round, relayed: Round, seconds: number): Promise<Medians> {
  const p50: { direct: number[]; relayed: number[] } = { direct: [], relayed: [] };
  let calls = 0;
  for (let round = 0; round < roundsEach; round += 1) {
    p50.direct.push((await direct(seconds / roundsEach)).p50);
    const report = await relayed(seconds / roundsEach);
    p50.relayed.push(report.p50);
    calls += report.answers;
  }
  const median = (values: number[]) =>
    percentile(
      values.sort((left, right) => left - right),
      0.5,
    );
  return { direct: median(p50.direct), relayed: median(p50.relayed), calls };
}

/** The processor time that a service has used. On a busy machine it says more than the clock. */
async function processorSeconds(operationsUrl: string): Promise<number> {
  const metrics = await (await fetch(`${operationsUrl}/metrics`)).text();
  return Number(/^process_cpu_seconds_total (\S+)$/m.exec(metrics)?.[1]);
}

function addedRow(row: string, { direct, relayed }: Medians): Row {
  const added = relayed - direct;
  const must = `<= 1 x ${budgetMs} ms`;
  return { group: 'console', row, value: added, unit: 'ms', reference: direct, ratio: added / budgetMs, must };
}

/** Live streams of one order. */
class Streams {
  readonly #leaving = new AbortController();
  #alive = 0;

  static async open(url: string, headers: Record<string, string>, count: number): Promise<Streams> {
    const streams = new Streams();
    for (let opened = 0; opened < count; opened += openedAtOnce) {
      await Promise.all(Array.from({ length: openedAtOnce }, () => streams.#open(url, headers)));
    }
    return streams;
  }

  /** How many are still open. */
  get alive(): number {
    return this.#alive;
  }

  close(): void {
    this.#leaving.abort();
  }

  /** Resolves with the first step of the order. */
  async #open(url: string, headers: Record<string, string>): Promise<void> {
    const answer = await fetch(url, { headers, signal: this.#leaving.signal });
    if (answer.status !== 200 || !answer.body) throw new Error(`a stream was answered ${answer.status}`);
    const reader = answer.body.getReader();
    await reader.read();
    this.#alive += 1;
    void this.#follow(reader);
  }

  async #follow(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    try {
      while (!(await reader.read()).done);
    } catch {
      // The console, or this side, has closed it.
    }
    this.#alive -= 1;
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { hostileRequests, sendHostile } from '../../../test/support/fuzz/hostile-requests.ts';
import { messagingApps } from '../../apps/apps.ts';
import { fire } from '../http-load.ts';
import type { Measure } from '../measure.ts';
import { seedOpenOrders } from '../seed.ts';
import { figureRow, type Row, rateRow } from '../table.ts';
import { notificationRequest } from './webhooks.ts';

const connections = 16;
const perSecondMax = 8_000;
const attackers = 8;
/** A fast attacker on the same machine would take the processor itself: what is measured is what the answers cost. */
const pauseMs = 50;

/** Honest notifications beside hostile requests of all kinds, and beside the same notifications alone. */
export async function measureHostile({ environment, seconds, series }: Measure): Promise<Row[]> {
  const persons = await seedOpenOrders(environment, series(), 2_000);
  const target = new URL(`${environment.urls.payments}/webhooks/standard`);
  const requests = Array.from({ length: Math.ceil(4 * seconds) * perSecondMax }, (_, index) =>
    notificationRequest(target, environment.secrets.standard, persons.personId(index % persons.count)),
  );
  await environment.startServices(...messagingApps);
  const honest = async () => {
    const report = await fire({ url: target.href, connections, seconds, next: () => requests.pop() });
    if ((report.statuses['200'] ?? 0) !== report.answers)
      throw new Error(`answered ${JSON.stringify(report.statuses)}`);
    return report.perSecond;
  };
  try {
    const personId = persons.personId(0);
    const token = await environment.issuer.token('member', personId);
    const targets = { gateway: environment.urls.gateway, webhooks: environment.urls.payments, token, personId };
    await honest();
    const before = await honest();
    const attack = new Attack(targets);
    const beside = await honest();
    const sent = await attack.end();
    const after = await honest();
    const reference = (before + after) / 2;
    return [
      rateRow('hostile', 'honest webhooks beside hostile requests', { result: beside, reference }, 0.8),
      figureRow('hostile', 'hostile requests', sent / seconds, '/s'),
    ];
  } finally {
    await environment.stopServices();
  }
}

/** Attackers who go on until the end. */
class Attack {
  #over = false;
  #sent = 0;
  readonly #attackers: Promise<void>[];

  constructor(targets: Parameters<typeof hostileRequests>[0]) {
    this.#attackers = Array.from({ length: attackers }, () => this.#attack(targets));
  }

  async end(): Promise<number> {
    this.#over = true;
    await Promise.all(this.#attackers);
    return this.#sent;
  }

  async #attack(targets: Parameters<typeof hostileRequests>[0]): Promise<void> {
    while (!this.#over) {
      for (const request of hostileRequests(targets)) {
        if (this.#over) return;
        const status = await sendHostile(request);
        if (status !== 0 && !request.expected.includes(status)) throw new Error(`${request.name}: ${status}`);
        this.#sent++;
        await sleep(pauseMs);
      }
    }
  }
}

import pg from 'pg';
import { messagingApps } from '../../apps/apps.ts';
import type { Environment } from '../environment.ts';
import { fire } from '../http-load.ts';
import type { Measure } from '../measure.ts';
import { type OpenOrders, seedOpenOrders } from '../seed.ts';
import { figureRow, type Row, rateRow } from '../table.ts';
import { notificationRequest } from './webhooks.ts';

const connections = 256;
/** So many orders may be paid and not yet closed: the load waits for the system, as providers do. */
const underWayMax = 4_000;
const seededPerSecond = 4_500;

/** From the provider's notification to the order closed and the person enrolled, through everything that runs. */
export async function measureSystem({ environment, sustainedSeconds, series, beside }: Measure): Promise<Row[]> {
  const orders = await seedOpenOrders(environment, series(), sustainedSeconds * seededPerSecond);
  const target = new URL(`${environment.urls.payments}/webhooks/standard`);
  // Signed beforehand: the provider's work is not the system's.
  const requests = Array.from({ length: orders.count }, (_, index) =>
    notificationRequest(target, environment.secrets.standard, orders.personId(index), orders.orderId(index)),
  );
  await environment.startServices(...messagingApps);
  const progress = await Progress.of(environment, orders);
  try {
    let sent = 0;
    const next = async () => {
      while (sent - progress.enrolled > underWayMax) await progress.changed();
      return requests[sent++];
    };
    const measured = await beside(async () => {
      const began = performance.now();
      const report = await fire({ url: target.href, connections, seconds: sustainedSeconds, next });
      while (progress.enrolled < report.answers) await progress.changed();
      if ((report.statuses['200'] ?? 0) !== report.answers)
        throw new Error(`answered ${JSON.stringify(report.statuses)}`);
      return progress.enrolled / ((performance.now() - began) / 1_000);
    });
    const title = `signed webhook → closed and enrolled, ${sustainedSeconds} s`;
    return [
      rateRow('system', title, measured, 1),
      figureRow('system', 'deepest outbox', progress.deepestOutbox, 'rows'),
    ];
  } finally {
    await progress.end();
    await environment.stopServices();
  }
}

/** Watches enrolments grow and outboxes drain, at a cost that does not depend on how many rows there are. */
class Progress {
  enrolled = 0;
  deepestOutbox = 0;
  #last = '00000000-0000-0000-0000-000000000000';
  #timer: NodeJS.Timeout | undefined;
  #next = Promise.withResolvers<void>();

  readonly #subscriptions: pg.Client;
  readonly #payments: pg.Client;
  readonly #classId: string;

  private constructor(subscriptions: pg.Client, payments: pg.Client, classId: string) {
    this.#subscriptions = subscriptions;
    this.#payments = payments;
    this.#classId = classId;
  }

  static async of(environment: Environment, orders: OpenOrders): Promise<Progress> {
    const clients = (['subscriptions', 'payments'] as const).map(
      (app) => new pg.Client({ connectionString: environment.databaseUrl(app) }),
    );
    await Promise.all(clients.map((client) => client.connect()));
    const [subscriptions, payments] = clients as [pg.Client, pg.Client];
    const progress = new Progress(subscriptions, payments, orders.classId);
    await progress.#look();
    progress.enrolled = 0;
    progress.#again();
    return progress;
  }

  changed(): Promise<void> {
    return this.#next.promise;
  }

  async end(): Promise<void> {
    clearTimeout(this.#timer);
    await Promise.all([this.#subscriptions.end(), this.#payments.end()]);
  }

  #again(): void {
    this.#timer = setTimeout(
      () =>
        this.#look()
          .then(() => this.#again())
          .catch(() => {}),
      100,
    );
  }

  async #look(): Promise<void> {
    const { rows } = await this.#subscriptions.query(
      'select count(*)::int as grown, max(id::text) as last from enrolments where class_id = $1 and id > $2',
      [this.#classId, this.#last],
    );
    this.enrolled += rows[0].grown;
    this.#last = rows[0].last ?? this.#last;
    for (const client of [this.#subscriptions, this.#payments]) {
      const depth = await client.query('select count(*)::int as depth from outbox');
      this.deepestOutbox = Math.max(this.deepestOutbox, depth.rows[0].depth);
    }
    this.#next.resolve();
    this.#next = Promise.withResolvers<void>();
  }
}

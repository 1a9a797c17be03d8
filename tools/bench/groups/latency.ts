import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { post, standardNotification } from '../../../test/support/messages/provider-notifications.ts';
import { messagingApps } from '../../apps/apps.ts';
import { percentile } from '../http-load.ts';
import type { Measure } from '../measure.ts';
import { currency, priceMinor, seedOpenOrders } from '../seed.ts';
import { figureRow, type Row } from '../table.ts';

const warmUp = 20;

/** One payment at a time on an idle system: until its webhook is answered, and until its order is closed. */
export async function measureLatency({ environment, sizes, series }: Measure): Promise<Row[]> {
  const orders = await seedOpenOrders(environment, series(), sizes.payments + warmUp);
  await environment.startServices(...messagingApps);
  // The transaction that closes the order notifies on commit.
  const subscriptions = new pg.Client({ connectionString: environment.databaseUrl('subscriptions') });
  await subscriptions.connect();
  await subscriptions.query('listen outbox');
  try {
    const answered: number[] = [];
    const closed: number[] = [];
    for (let index = 0; index < orders.count; index += 1) {
      const notification = standardNotification(environment.secrets.standard, {
        amountMinor: priceMinor,
        currency,
        personId: orders.personId(index),
        orderId: orders.orderId(index),
      });
      const closing = new Promise<void>((resolve) => subscriptions.once('notification', () => resolve()));
      const began = performance.now();
      const answer = await post(environment.urls.payments, notification);
      const answeredAfter = performance.now() - began;
      if (answer.status !== 200) throw new Error(`a webhook was answered ${answer.status}`);
      await closing;
      const closedAfter = performance.now() - began;
      if (index >= warmUp) {
        answered.push(answeredAfter);
        closed.push(closedAfter);
      }
      await sleep(20);
    }
    return [...rows('webhook answered', answered), ...rows('order closed', closed)];
  } finally {
    await subscriptions.end();
    await environment.stopServices();
  }
}

function rows(title: string, latencies: number[]): Row[] {
  latencies.sort((left, right) => left - right);
  return [
    figureRow('latency', `${title}, idle, p50`, percentile(latencies, 0.5), 'ms'),
    figureRow('latency', `${title}, idle, p99`, percentile(latencies, 0.99), 'ms'),
  ];
}

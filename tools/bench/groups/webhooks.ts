import { randomUUID } from 'node:crypto';
import { standardNotification } from '../../../test/support/messages/provider-notifications.ts';
import { fire, wireRequest } from '../http-load.ts';
import type { Measure } from '../measure.ts';
import { currency, priceMinor, seedOpenOrders } from '../seed.ts';
import { figureRow, type Row, rateRow } from '../table.ts';

const connections = 64;
/** More than any run answers in a second on the machines this is meant for. */
const perSecondMax = 15_000;

/** Signed notifications over HTTP; each 200 means that the payment is durable and on the person's account. */
export async function measureWebhooks({ environment, seconds, series, beside }: Measure): Promise<Row[]> {
  // Payments knows these persons, and each of them pays many times.
  const persons = await seedOpenOrders(environment, series(), 2_000);
  const target = new URL(`${environment.urls.payments}/webhooks/standard`);
  const requests = Array.from({ length: 2 * seconds * perSecondMax }, (_, index) =>
    notificationRequest(target, environment.secrets.standard, persons.personId(index % persons.count)),
  );
  await environment.startServices('payments');
  try {
    const load = { url: target.href, connections, seconds, next: () => requests.pop() };
    await fire(load);
    const { result: report, reference } = await beside(() => fire(load));
    const others = Object.keys(report.statuses).filter((status) => status !== '200');
    if (others.length > 0) throw new Error(`webhooks were answered ${JSON.stringify(report.statuses)}`);
    const title = `signed webhook → 200, ${connections} connections`;
    return [
      rateRow('webhooks', title, { result: report.perSecond, reference }, 3),
      figureRow('webhooks', 'p50', report.p50, 'ms'),
      figureRow('webhooks', 'p99', report.p99, 'ms'),
    ];
  } finally {
    await environment.stopServices();
  }
}

export function notificationRequest(target: URL, secret: string, personId: string, orderId?: string): Buffer {
  const { headers, body } = standardNotification(secret, {
    paymentId: randomUUID(),
    amountMinor: priceMinor,
    currency,
    personId,
    ...(orderId ? { orderId } : {}),
  });
  return wireRequest('POST', target, headers, body);
}

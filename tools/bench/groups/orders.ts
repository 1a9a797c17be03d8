import { messagingApps } from '../../apps/apps.ts';
import { fire, wireRequest } from '../http-load.ts';
import type { Measure } from '../measure.ts';
import { seedOpenOrders } from '../seed.ts';
import { figureRow, type Row, rateRow } from '../table.ts';

const connections = 64;
const perSecondMax = 4_000;

/** Orders opened through the gateway: token, rate limit, RPC, price, seat, order and its event, all committed. */
export async function measureOrders({ environment, seconds, series, beside }: Measure): Promise<Row[]> {
  // Persons who have an order already may not open a second one of that class, so they order another class.
  const persons = await seedOpenOrders(environment, series(), 2 * seconds * perSecondMax);
  await environment.startServices(...messagingApps);
  try {
    const admin = await environment.issuer.token('admin', 'bench');
    const classId = await createClass(environment.urls.gateway, admin);
    const target = new URL(`${environment.urls.gateway}/api/orders`);
    const headers = { authorization: `Bearer ${admin}`, 'content-type': 'application/json' };
    let index = 0;
    const next = () =>
      index === persons.count
        ? undefined
        : wireRequest(
            'POST',
            target,
            headers,
            JSON.stringify({ person_id: persons.personId(index++), class_id: classId }),
          );
    const load = { url: target.href, connections, seconds, next };
    await fire(load);
    const { result: report, reference } = await beside(() => fire(load));
    if ((report.statuses['201'] ?? 0) !== report.answers)
      throw new Error(`answered ${JSON.stringify(report.statuses)}`);
    const title = `open order through the gateway, ${connections} connections`;
    return [
      rateRow('orders', title, { result: report.perSecond, reference }, 0.5),
      figureRow('orders', 'p50', report.p50, 'ms'),
      figureRow('orders', 'p99', report.p99, 'ms'),
    ];
  } finally {
    await environment.stopServices();
  }
}

async function createClass(gateway: string, token: string): Promise<string> {
  const post = async (path: string, body: unknown) => {
    const answer = await fetch(`${gateway}/api/admin/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const said = (await answer.json()) as Record<string, string>;
    if (!answer.ok && said.code !== 'PARAMETER_TYPE_EXISTS') throw new Error(`${path}: ${JSON.stringify(said)}`);
    return said;
  };
  await post('parameter-types', { name: 'amount', schema: { type: 'integer', minimum: 0 } });
  const { rule_id } = await post('subscription-rules', {
    title: 'Single payment subscription',
    method: 'single_payment',
    parameters: [{ name: 'price', type: 'amount' }],
  });
  const { class_id } = await post('classes', {
    title: 'A class to order',
    rule_id,
    parameters: { price: 5_000 },
    time_zone: 'Europe/Berlin',
    currency: 'EUR',
  });
  return class_id as string;
}

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import {
  type action,
  listNotificationsActions,
  listPaymentsActions,
  listPromotionsActions,
  listSubscriptionsActions,
} from '#contracts/actions.js';
import { cursorOf, sortKeyOf } from '#contracts/cursors.js';
import { approveOrder } from '#contracts/subscriptions/orders.js';
import { newId } from '#kernel/ids.js';
import type { Command } from '#messaging/envelope.js';
import { GatewayEnvironment } from '../../../../test/support/services/gateway-environment.js';
import { examples } from '../documents/examples.js';

type Action = z.output<typeof action>;

let environment: GatewayEnvironment;
let url: string;

beforeAll(async () => {
  environment = await GatewayEnvironment.create();
  url = await environment.gateway();
});
beforeEach(() => environment.reset());
afterAll(() => environment.close());

const at = Temporal.Instant.from('2026-03-02T09:00:00Z');
/** Of each service its actions, whose seconds interleave; some are equal. */
const recorded: Action[] = Array.from({ length: 12 }, (_, index) => ({
  ...(examples.Action as Action),
  action_id: newId(),
  service: (['subscriptions', 'payments', 'promotions', 'notifications'] as const)[index % 4] as Action['service'],
  recorded_at: at.add({ seconds: Math.floor(index / 2) }).toString(),
})).reverse();

function serve() {
  const asked: z.output<typeof listPaymentsActions.request>[] = [];
  for (const contract of [
    listSubscriptionsActions,
    listPaymentsActions,
    listPromotionsActions,
    listNotificationsActions,
  ]) {
    environment.on(contract, (request) => {
      asked.push(request);
      const theirs = recorded.filter(({ service }) => service === contract.service).sort(newestFirst);
      const { after, limit } = request;
      const [recorded_at, action_id] = (after ? sortKeyOf(after) : []) as [string, string];
      const left = theirs.filter((one) => !after || newestFirst({ recorded_at, action_id }, one) < 0);
      return {
        items: left.slice(0, limit),
        ...(request.count !== false && { total: theirs.length }),
        limit,
        next_cursor: left.length > limit ? cursorOf(['more']) : null,
      };
    });
  }
  return asked;
}

const newestFirst = (left: Pick<Action, 'recorded_at' | 'action_id'>, right: typeof left) =>
  right.recorded_at.localeCompare(left.recorded_at) || right.action_id.localeCompare(left.action_id);

describe('the actions of admins', () => {
  it('are one list of all services, in pieces without gaps or repeats', async () => {
    serve();
    const client = await environment.client(url, { role: 'admin' });
    const seen: Action[] = [];
    let after: string | null = '';
    let pieces = 0;
    while (after !== null) {
      const path: string = `/admin/actions?limit=5${after && `&after=${after}`}`;
      const { status, body } = await client.request('GET', path);
      expect([status, body.total, body.limit]).toEqual([200, 12, 5]);
      seen.push(...body.items);
      after = body.next_cursor;
      pieces += 1;
    }
    expect(pieces).toBe(3);
    expect(seen.map(({ action_id }) => action_id)).toEqual(
      recorded.toSorted(newestFirst).map(({ action_id }) => action_id),
    );
  });

  it('are filtered by the services, and of one service asked there alone', async () => {
    const asked = serve();
    const client = await environment.client(url, { role: 'ops' });
    const filter = 'service=payments&author=ravi&kind=correct-payment&subject=x&from=2026-03-02T09:00:00Z';
    const { body } = await client.request('GET', `/admin/actions?${filter}`);
    expect(new Set(body.items.map(({ service }: Action) => service))).toEqual(new Set(['payments']));
    expect(asked).toEqual([
      { author: 'ravi', kind: 'correct-payment', subject: 'x', from: '2026-03-02T09:00:00Z', limit: 50 },
    ]);
  });

  it('have no place that is no cursor, and no pages by number', async () => {
    serve();
    const client = await environment.client(url, { role: 'admin' });
    for (const [query, field] of [
      ['after=nonsense', '/after'],
      ['page=2', '/page'],
    ]) {
      const { status, body } = await client.request('GET', `/admin/actions?${query}`);
      expect([status, body.code, body.field]).toEqual([400, 'INVALID_INPUT', field]);
    }
  });

  it('are counted on request: in all services, or in the one that is named', async () => {
    serve();
    const client = await environment.client(url, { role: 'admin' });
    const totals = await Promise.all(
      ['limit=1', 'service=payments', 'count=true&limit=2', 'count=false'].map(async (query) => {
        const { body } = await client.request('GET', `/admin/actions?${query}`);
        return body.total;
      }),
    );
    expect(totals).toEqual([12, 3, 12, undefined]);
  });

  it('of all services are a 503 that names the one which is away; those of the others are listed', async () => {
    serve();
    const client = await environment.client(url, { role: 'admin' });
    await environment.stopService('payments');
    try {
      const away = await client.request('GET', '/admin/actions');
      expect(away).toMatchObject({
        status: 503,
        body: { code: 'SERVICE_UNAVAILABLE', details: { unavailable_services: ['payments'] } },
      });
      expect(away.body.detail).toMatch(
        /needs payments, .* actions of subscriptions or promotions or notifications by the filter/,
      );
      expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0);
      const listed = await client.request('GET', '/admin/actions?service=promotions');
      expect([listed.status, listed.body.items.length]).toEqual([200, 3]);
      expect((await client.request('GET', '/admin/actions?service=payments')).status).toBe(503);
    } finally {
      await environment.startService('payments');
    }
  });
});

it('a command carries the bearer of the token as its author, and no body can name another', async () => {
  const commands: Command[] = [];
  environment.on(approveOrder, (_, command) => {
    commands.push(command);
    return examples.Order as z.input<typeof approveOrder.response>;
  });
  const client = await environment.client(url, { role: 'admin', sub: 'ravi/office' });
  const path = `/admin/orders/${newId()}/approve`;
  expect((await client.request('POST', path)).status).toBe(200);
  expect(commands.map(({ author }) => author)).toEqual([{ subject: 'ravi/office', role: 'admin' }]);
  expect((await client.request('POST', path, { author: 'somebody' })).status).toBe(400);
});

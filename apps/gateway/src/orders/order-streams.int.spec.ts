import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { orderSettled } from '#contracts/payments/payments.js';
import {
  getOrderProgress,
  orderCancelled,
  orderClosed,
  orderConfirmed,
  orderOpened,
} from '#contracts/subscriptions/orders.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { eventually } from '../../../../test/support/eventually.js';
import { type TcpProxy, tcpProxy } from '../../../../test/support/servers/tcp-proxy.js';
import { testBrokerUrl } from '../../../../test/support/servers/test-broker.js';
import { GatewayEnvironment } from '../../../../test/support/services/gateway-environment.js';

type StepName = 'opened' | 'confirmed' | 'closed' | 'settled' | 'cancelled' | 'expired';

interface Event {
  readonly id?: string;
  readonly event?: string;
  readonly data?: string;
}

/** A minimal EventSource: the events received so far, and whether the stream has ended. */
class Stream {
  readonly events: Event[] = [];
  comments = 0;
  /** Ids without data: a client would store them although no step was sent. */
  strayIds = 0;
  ended = false;

  private constructor(
    readonly response: Response,
    private readonly leaving: AbortController,
  ) {
    void this.read();
  }

  static async open(url: string, token: string, orderId: string, lastEventId?: string): Promise<Stream> {
    const leaving = new AbortController();
    const headers = { authorization: `Bearer ${token}`, ...(lastEventId && { 'last-event-id': lastEventId }) };
    const response = await fetch(`${url}/api/orders/${orderId}/events`, { headers, signal: leaving.signal });
    return new Stream(response, leaving);
  }

  get names() {
    return this.events.map(({ event }) => event);
  }

  leave(): void {
    this.leaving.abort();
  }

  private async read(): Promise<void> {
    let text = '';
    try {
      const decoder = new TextDecoder();
      for await (const bytes of this.response.body ?? []) {
        text += decoder.decode(bytes as Uint8Array, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) this.take(block);
      }
    } catch {
      // left, or cut off
    }
    this.ended = true;
  }

  private take(block: string): void {
    const fields = Object.fromEntries(
      block
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split(/: ?(.*)/, 2)),
    );
    if ('data' in fields) this.events.push(fields);
    else if ('id' in fields) this.strayIds++;
    else if ('' in fields) this.comments++;
  }
}

describe('an order followed live', () => {
  let environment: GatewayEnvironment;
  let broker: TcpProxy;
  let url: string;
  let token: string;
  let orderId: string;
  let steps: StepName[];
  let looked: number;

  beforeAll(async () => {
    environment = await GatewayEnvironment.create();
    broker = await tcpProxy(testBrokerUrl());
    url = await environment.gateway({
      AMQP_URL: broker.url,
      STREAMS_MAX: '4',
      STREAMS_PER_CALLER_MAX: '2',
    });
  });
  beforeEach(async () => {
    await environment.reset();
    token = await environment.token({ role: 'member', sub: newId() });
    orderId = newId();
    steps = ['opened'];
    looked = 0;
    environment.on(getOrderProgress, ({ order_id }) => {
      looked++;
      return {
        order_id,
        steps: steps.map((name, index) => ({
          step: index + 1,
          name,
          description: `it is ${name}`,
          at: '2026-03-02T09:00:00Z',
        })),
        finished: ['settled', 'cancelled', 'expired'].includes(steps.at(-1) ?? ''),
      };
    });
  });
  afterAll(async () => {
    await environment.close();
    await broker.close();
  });

  const follow = (lastEventId?: string) => Stream.open(url, token, orderId, lastEventId);

  it('sends its steps from the first one, then live, and the stream ends with the last one', async () => {
    steps = ['opened'];
    const stream = await follow();
    expect(stream.response.headers.get('content-type')).toContain('text/event-stream');
    expect(stream.response.headers.get('cache-control')).toContain('no-store');
    expect(stream.response.headers.get('ratelimit-remaining')).toMatch(/^\d+$/);
    await eventually(() => expect(stream.names).toEqual(['opened']));
    expect(stream.ended).toBe(false);

    steps.push('confirmed');
    await environment.publish(orderConfirmed, orderId);
    await eventually(() => expect(stream.names).toEqual(['opened', 'confirmed']));

    steps.push('closed');
    await environment.publish(orderClosed, orderId);
    await eventually(() => expect(stream.names).toEqual(['opened', 'confirmed', 'closed']));

    steps.push('settled');
    await environment.publish(orderSettled, orderId);
    await eventually(() => expect(stream.ended).toBe(true));
    expect(stream.events).toEqual(
      ['opened', 'confirmed', 'closed', 'settled'].map((name, index) => ({
        id: String(index + 1),
        event: name,
        data: JSON.stringify({ step: index + 1, name, description: `it is ${name}`, at: '2026-03-02T09:00:00Z' }),
      })),
    );
  });

  it('that is finished starts after the last step that the client has seen', async () => {
    steps = ['opened', 'confirmed', 'closed', 'settled'];
    const stream = await follow('2');
    await eventually(() => expect(stream.ended).toBe(true));
    expect(stream.events.map(({ id }) => id)).toEqual(['3', '4']);
  });

  it('starts there too when the query has the id', async () => {
    steps = ['opened', 'confirmed', 'closed', 'settled'];
    const answer = await fetch(`${url}/api/orders/${orderId}/events?lastEventId=3`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect((await answer.text()).match(/^id: .*$/gm)).toEqual(['id: 4']);
  });

  it('that is finished and seen to its end is answered with 204, so that the client stops', async () => {
    steps = ['opened', 'cancelled'];
    const stream = await follow('2');
    expect(stream.response.status).toBe(204);
    await eventually(() => expect(stream.ended).toBe(true));
    expect(stream.events).toEqual([]);
  });

  it.each(['-3', 'x', '1e99', ''])('with a Last-Event-ID of %j starts at the first step', async (lastEventId) => {
    steps = ['opened', 'expired'];
    const stream = await follow(lastEventId);
    await eventually(() => expect(stream.names).toEqual(['opened', 'expired']));
  });

  it('sends a step that the service stores only after the event was received', async () => {
    const stream = await follow();
    await eventually(() => expect(stream.names).toEqual(['opened']));
    await environment.publish(orderSettled, orderId);
    await eventually(() => expect(looked).toBeGreaterThanOrEqual(2));
    steps.push('cancelled');
    await eventually(() => expect(stream.names).toEqual(['opened', 'cancelled']));
  });

  it('sends each step once for any number of events', async () => {
    const stream = await follow();
    await Promise.all(Array.from({ length: 50 }, () => environment.publish(orderOpened, orderId)));
    steps.push('cancelled');
    await environment.publish(orderCancelled, orderId);
    await eventually(() => expect(stream.ended).toBe(true));
    expect(stream.names).toEqual(['opened', 'cancelled']);
    expect(looked).toBeLessThan(50);
  });

  it('is not read again when another order changes', async () => {
    const looks = new Map<string, number>();
    environment.on(getOrderProgress, ({ order_id }) => {
      looks.set(order_id, (looks.get(order_id) ?? 0) + 1);
      return { order_id, steps: [], finished: order_id === orderId && (looks.get(order_id) ?? 0) > 1 };
    });
    const other = newId();
    const [mine, theirs] = [await follow(), await Stream.open(url, token, other)];
    await environment.publish(orderClosed, orderId);
    await eventually(() => expect(mine.ended).toBe(true));
    expect(looks.get(other)).toBe(1);
    theirs.leave();
  });

  it('that does not exist, or belongs to another person, is a 404 and no stream', async () => {
    environment.on(getOrderProgress, () => {
      throw new Refusal('ORDER_NOT_FOUND', 'There is no such order.');
    });
    const stream = await follow();
    expect(stream.response.status).toBe(404);
    expect(stream.response.headers.get('content-type')).toContain('application/problem+json');
  });

  it('continues after a lost connection to the broker, and sends the steps taken meanwhile', async () => {
    const stream = await follow();
    await eventually(() => expect(stream.names).toEqual(['opened']));
    broker.cut();
    broker.mend();
    steps.push('cancelled');
    await eventually(() => expect(stream.ended).toBe(true));
    expect(stream.names).toEqual(['opened', 'cancelled']);
  });

  it('continues after the service was down', async () => {
    const stream = await follow();
    await eventually(() => expect(stream.names).toEqual(['opened']));
    await environment.stopService('subscriptions');
    steps.push('cancelled');
    await environment.publish(orderCancelled, orderId);
    await environment.startService('subscriptions');
    await eventually(() => expect(stream.ended).toBe(true));
    expect(stream.names).toEqual(['opened', 'cancelled']);
  });

  it('frees its place when the client leaves; streams over the limit are refused', async () => {
    const streams = await Promise.all([follow(), follow()]);
    await eventually(() => expect(streams.map(({ names }) => names.length)).toEqual([1, 1]));
    const third = await follow();
    expect(third.response.status).toBe(429);
    expect(third.response.headers.get('retry-after')).toBe('10');
    for (const stream of streams) stream.leave();
    const again = await eventually(async () => {
      const stream = await follow();
      return stream.response.status === 200 ? stream : false;
    });
    again.leave();
  });

  it('is refused with a 503 when the gateway is full', async () => {
    const streams: Stream[] = [];
    const full = await eventually(async () => {
      const stream = await Stream.open(url, await environment.token({ role: 'ops', sub: newId() }), orderId);
      streams.push(stream);
      return stream.response.status === 503 ? stream : false;
    });
    expect(full.response.headers.get('retry-after')).toBe('2');
    for (const stream of streams) stream.leave();
  });

  it('sends comments to keep the connection alive while no step is taken', async () => {
    const stream = await eventually(async () => {
      const stream = await follow();
      return stream.response.status === 200 ? stream : false;
    });
    await eventually(() => expect(stream.comments).toBeGreaterThanOrEqual(2));
    expect(stream.strayIds).toBe(0);
    expect(stream.names).toEqual(['opened']);
    stream.leave();
  });

  it('ends when the gateway shuts down', async () => {
    const closing = await GatewayEnvironment.create();
    closing.on(getOrderProgress, ({ order_id }) => ({ order_id, steps: [], finished: false }));
    const stream = await Stream.open(await closing.gateway(), await closing.token({ role: 'ops' }), orderId);
    expect(stream.response.status).toBe(200);
    await closing.close();
    await eventually(() => expect(stream.ended).toBe(true));
  });
});

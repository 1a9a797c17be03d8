import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, type INestApplication } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { Refusal } from '#kernel/refusal.js';
import { currentTrace, newTrace, runWithTrace, traceIdOf } from '#observability/trace.js';
import { Overloaded } from '#persistence/micro-batcher.js';
import { Transactions } from '#persistence/transaction.js';
import { eventually } from '../../../../test/support/eventually.js';
import { tcpProxy } from '../../../../test/support/servers/tcp-proxy.js';
import { testBrokerUrl } from '../../../../test/support/servers/test-broker.js';
import { MessagingEnvironment } from '../../../../test/support/services/messaging-environment.js';
import { requestQueue } from '../connection/topology.js';
import type { Command, Query, Reply, Unavailable } from '../envelope.js';
import { RemoteFault, ServiceUnavailable } from '../faults.js';
import { answerEach, batchOf } from '../nest/batch-of.js';
import { CommandLog } from './command-log.js';
import { RpcClient } from './rpc-client.js';

type Counted = { value: number };
type Seen = { seen: number };

let environment: MessagingEnvironment;
let client: INestApplication;
let rpc: RpcClient;
/** The values of each call of the command's handler. */
let calls: number[][];
let before: (batch: readonly Command<Counted>[]) => Promise<void> | void;

beforeAll(async () => {
  environment = await MessagingEnvironment.create();
  client = await environment.start(environment.publisher);
  rpc = client.get(RpcClient);
});
afterAll(() => environment.close());
beforeEach(async () => {
  calls = [];
  before = () => {};
  await environment.client.query('truncate seen, command');
});
afterEach(async () => {
  for (const app of [...environment.apps]) if (app !== client) await environment.stop(app);
});

/** A command that counts what it changed, and a query. */
function serverController() {
  @Controller()
  class Server {
    constructor(
      private readonly transactions: Transactions,
      private readonly log: CommandLog,
    ) {}

    @MessagePattern<string>(environment.change.type)
    async change(@Payload(batchOf(environment.change)) batch: Command<Counted>[]): Promise<Reply<Seen>[]> {
      calls.push(batch.map(({ data }) => data.value));
      await before(batch);
      return this.transactions.run((tx) =>
        this.log.answer(tx, batch, async (fresh): Promise<Reply<Seen>[]> => {
          const values = fresh.map(({ data }) => data.value);
          await tx.query('insert into seen (value) select * from unnest($1::int[])', [values]);
          return values.map((value) =>
            value < 0
              ? { refusal: new Refusal('NEGATIVE', 'The value is negative.', { value }) }
              : { answer: { seen: value } },
          );
        }),
      );
    }

    @MessagePattern<string>(environment.look.type)
    look(@Payload(batchOf(environment.look)) batch: Query<Counted>[]): Promise<Reply<Seen>[]> {
      return answerEach(batch, async ({ data }) => {
        if (data.value < 0) throw new Refusal('NOT_FOUND', 'No such thing.');
        return { seen: data.value };
      });
    }
  }
  return Server;
}

const start = (settings: Parameters<MessagingEnvironment['start']>[1] = {}) =>
  environment.start(environment.subscriber, { controllers: [serverController()], ...settings });

describe('a request', () => {
  it('is answered, and many at once are handled in batches', async () => {
    await start();
    expect(await rpc.request(environment.change, { value: 1 })).toEqual({ seen: 1 });
    const values = Array.from({ length: 200 }, (_, index) => index + 2);
    const answers = await Promise.all(values.map((value) => rpc.request(environment.change, { value })));
    expect(answers).toEqual(values.map((value) => ({ seen: value })));
    expect(calls.length).toBeLessThan(50);
    expect(await rpc.request(environment.look, { value: 3 })).toEqual({ seen: 3 });
  });

  it('is refused with code, message and details', async () => {
    await start();
    const refused = rpc.request(environment.change, { value: -1 });
    await expect(refused).rejects.toMatchObject({
      code: 'NEGATIVE',
      message: 'The value is negative.',
      details: { value: -1 },
    });
    await expect(refused).rejects.toBeInstanceOf(Refusal);
    await expect(rpc.request(environment.look, { value: -1 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('that does not fit its contract is refused, and its neighbours are answered', async () => {
    await start();
    const lax = {
      ...environment.change,
      request: environment.change.request.extend({
        value: environment.change.request.shape.value.or(environment.change.response),
      }),
    };
    const [good, bad] = await Promise.allSettled([
      rpc.request(environment.change, { value: 1 }),
      rpc.request(lax, { value: { seen: 1 } }),
    ]);
    expect(good).toMatchObject({ status: 'fulfilled', value: { seen: 1 } });
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'REQUEST_MALFORMED' } });
  });

  it('runs in the trace of its client', async () => {
    await start();
    let seen: ReturnType<typeof currentTrace>;
    before = () => {
      seen = currentTrace();
    };
    const trace = newTrace(undefined, 'checkout-7');
    await runWithTrace(trace, () => rpc.request(environment.change, { value: 1 }));
    expect(seen?.correlationId).toBe('checkout-7');
    expect(seen && traceIdOf(seen)).toBe(traceIdOf(trace));
  });

  it('that meets a bug fails, and its neighbours are answered', async () => {
    await start();
    before = (batch) => {
      if (batch.some(({ data }) => data.value === 13)) throw new TypeError('thirteen');
    };
    const settled = await Promise.allSettled([12, 13, 14].map((value) => rpc.request(environment.change, { value })));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(settled[1]).toMatchObject({ reason: expect.any(RemoteFault) });
  });

  it('that is unavailable for now leaves its neighbours answered', async () => {
    @Controller()
    class PartlyUnavailable {
      @MessagePattern<string>(environment.look.type)
      async look(@Payload(batchOf(environment.look)) batch: Query<Counted>[]): Promise<(Reply<Seen> | Unavailable)[]> {
        calls.push(batch.map(({ data }) => data.value));
        return batch.map(({ data }) =>
          data.value === 13 ? { unavailable: 'try again later' } : { answer: { seen: 1 } },
        );
      }
    }
    await environment.start(environment.subscriber, { controllers: [PartlyUnavailable] });
    const settled = await Promise.allSettled([12, 13, 14].map((value) => rpc.request(environment.look, { value })));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(settled[1]).toMatchObject({ reason: expect.any(ServiceUnavailable) });
    expect(calls.flat().sort()).toEqual([12, 13, 14]);
  });

  it('is repeated after a transient fault, and unavailable when the fault stays', async () => {
    await start();
    let conflicts = 2;
    before = () => {
      if (conflicts-- > 0) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
    };
    expect(await rpc.request(environment.change, { value: 1 })).toEqual({ seen: 1 });
    before = () => {
      throw new Overloaded('10000 already wait');
    };
    await expect(rpc.request(environment.change, { value: 2 })).rejects.toBeInstanceOf(ServiceUnavailable);
  });
});

describe('a repeated command', () => {
  it('receives the first reply, a refusal too, and has its effect once', async () => {
    await start();
    const twice = () => rpc.request(environment.change, { value: 5 }, { commandId: 'five' });
    expect(await Promise.all([twice(), twice()])).toEqual([{ seen: 5 }, { seen: 5 }]);
    expect(await twice()).toEqual({ seen: 5 });
    const refused = () => rpc.request(environment.change, { value: -5 }, { commandId: 'minus five' });
    await expect(refused()).rejects.toMatchObject({ code: 'NEGATIVE' });
    await expect(refused()).rejects.toMatchObject({ code: 'NEGATIVE', details: { value: -5 } });
    expect(await environment.seen()).toEqual([5, -5]);
  });

  it('says of a stored reply, also of a refusal, when it was first given', async () => {
    await start();
    const replays: Temporal.Instant[] = [];
    const send = (value: number) =>
      rpc
        .request(environment.change, { value }, { commandId: `of ${value}`, onReplay: (at) => replays.push(at) })
        .catch(() => {});
    for (const value of [6, -6]) await send(value);
    expect(replays).toEqual([]);
    const rows = await environment.client.query('select recorded_at::text from command order by id desc');
    for (const value of [6, -6]) await send(value);
    expect(replays.map((at) => at.epochMilliseconds)).toEqual(rows.rows.map(({ recorded_at: at }) => Date.parse(at)));
    // Of two at once, the second one gets the reply to the first.
    replays.length = 0;
    await Promise.all([send(7), send(7)]);
    expect(replays).toHaveLength(1);
  });

  it('with other content is refused', async () => {
    await start();
    await rpc.request(environment.change, { value: 1 }, { commandId: 'key' });
    const reused = { code: 'IDEMPOTENCY_KEY_REUSED' };
    await expect(rpc.request(environment.change, { value: 2 }, { commandId: 'key' })).rejects.toMatchObject(reused);
    // In one batch as well.
    const settled = await Promise.allSettled(
      [3, 4].map((value) => rpc.request(environment.change, { value }, { commandId: 'both' })),
    );
    expect(settled.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: reused }]);
    expect(await environment.seen()).toHaveLength(2);
  });

  it('at two instances at once is decided by one of them', async () => {
    await start();
    await start();
    const replies = Array.from({ length: 20 }, () =>
      rpc.request(environment.change, { value: 9 }, { commandId: 'nine' }),
    );
    expect(await Promise.all(replies)).toEqual(Array.from({ length: 20 }, () => ({ seen: 9 })));
    expect(await environment.seen()).toEqual([9]);
  });
});

describe('a service that is down', () => {
  it('is unavailable at once when it has no queue', async () => {
    await environment.channel.deleteQueue(requestQueue(environment.subscriber));
    await expect(rpc.request(environment.change, { value: 1 }, { timeoutMs: 60_000 })).rejects.toThrow(
      'no instance is running',
    );
  });

  it('is unavailable after the timeout when no instance consumes, and executes no expired request', async () => {
    await environment.stop(await start());
    const replies = rpc.request(environment.change, { value: 1 }, { timeoutMs: 200 });
    await expect(replies).rejects.toBeInstanceOf(ServiceUnavailable);
    await start();
    expect(await rpc.request(environment.change, { value: 2 })).toEqual({ seen: 2 });
    expect(calls).toEqual([[2]]);
  });

  it('does not execute a request that waited past its deadline, and drops late replies', async () => {
    await start();
    const release = Promise.withResolvers<void>();
    before = () => release.promise;
    const slow = rpc.request(environment.change, { value: 1 }, { timeoutMs: 150 });
    await eventually(() => calls.length === 1);
    const behind = rpc.request(environment.change, { value: 2 }, { timeoutMs: 150 });
    await expect(slow).rejects.toBeInstanceOf(ServiceUnavailable);
    await expect(behind).rejects.toBeInstanceOf(ServiceUnavailable);
    release.resolve();
    before = () => {};
    expect(await rpc.request(environment.change, { value: 3 })).toEqual({ seen: 3 });
    expect(calls.flat()).not.toContain(2);
  });

  it('does not execute a request that expired behind the others of a failed batch', async () => {
    await start();
    before = async (batch) => {
      if (batch.length > 1) throw new TypeError('not as a batch');
      await sleep(600);
    };
    const replies = [1, 2, 3].map((value) => rpc.request(environment.change, { value }, { timeoutMs: 1_000 }));
    await Promise.allSettled(replies);
    before = () => {};
    // Of the same type, so that all requests before it are done.
    expect(await rpc.request(environment.change, { value: 4 })).toEqual({ seen: 4 });
    expect(calls).not.toContainEqual([3]);
  });

  it('is unavailable while its database is', async () => {
    await start();
    before = () => {
      throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    };
    await expect(rpc.request(environment.change, { value: 1 })).rejects.toBeInstanceOf(ServiceUnavailable);
  });
});

describe('the queue of requests', () => {
  it('survives the loss of a node', async () => {
    await start();
    const channel = await environment.connection.createChannel();
    channel.on('error', () => {});
    const asClassic = channel.assertQueue(requestQueue(environment.subscriber), { durable: true, expires: 10_000 });
    await expect(asClassic).rejects.toThrow(/x-queue-type.*quorum/);
  });
});

describe('requests of a saturated type', () => {
  it('leave room for other types, and are unavailable beyond their bound', async () => {
    const release = Promise.withResolvers<void>();
    before = () => release.promise;
    await start({ prefetch: 10 });
    const replies = Array.from({ length: 60 }, (_, value) =>
      rpc.request(environment.change, { value }, { timeoutMs: 60_000 }),
    );
    const settled = Promise.allSettled(replies);
    await eventually(() => calls.length > 0);
    expect(await rpc.request(environment.look, { value: 3 })).toEqual({ seen: 3 });
    release.resolve();
    const refused = (await settled).filter((each) => each.status === 'rejected');
    expect(refused.map(({ reason }) => reason)).toEqual(Array(50).fill(expect.any(ServiceUnavailable)));
    expect(await environment.seen()).toHaveLength(10);
  });

  it('are all answered within their bound', async () => {
    const release = Promise.withResolvers<void>();
    before = () => release.promise;
    await start({ prefetch: 10 });
    const replies = Promise.all(Array.from({ length: 10 }, (_, value) => rpc.request(environment.change, { value })));
    await eventually(() => calls.length > 0);
    // Until long after the type is saturated.
    await sleep(1_500);
    release.resolve();
    expect(await replies).toHaveLength(10);
  });
});

describe('a burst of requests', () => {
  it('is answered, however large, while the type is not saturated', async () => {
    before = () => sleep(20);
    await start({ prefetch: 10 });
    const values = Array.from({ length: 100 }, (_, value) => value);
    expect(await Promise.all(values.map((value) => rpc.request(environment.change, { value })))).toHaveLength(100);
  });
});

describe('an unavailable broker', () => {
  it('fails the waiting requests, and further ones until it is back', async () => {
    await start();
    const line = await tcpProxy(testBrokerUrl());
    const app = await environment.start(environment.publisher, { amqpUrl: line.url });
    const through = app.get(RpcClient);
    const release = Promise.withResolvers<void>();
    before = () => release.promise;
    const waiting = through.request(environment.change, { value: 1 }, { timeoutMs: 60_000 });
    waiting.catch(() => {});
    await eventually(() => calls.length === 1);
    line.cut();
    await expect(waiting).rejects.toThrow('the connection to the broker was lost');
    await expect(through.request(environment.change, { value: 2 }, { timeoutMs: 100 })).rejects.toBeInstanceOf(
      ServiceUnavailable,
    );
    release.resolve();
    line.mend();
    expect(await eventually(() => through.request(environment.change, { value: 3 }))).toEqual({ seen: 3 });
    await environment.stop(app);
    await line.close();
  });
});

describe('a shutdown', () => {
  it('answers what has arrived', async () => {
    const app = await start();
    before = () => sleep(50);
    const replies = [1, 2, 3].map((value) => rpc.request(environment.change, { value }));
    await eventually(() => calls.length > 0);
    await environment.stop(app);
    const settled = await Promise.allSettled(replies);
    const answered = settled.filter(({ status }) => status === 'fulfilled').length;
    expect(answered).toBe((await environment.seen()).length);
    expect(answered).toBe(3);
  });
});

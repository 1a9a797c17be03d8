import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { eventually } from '../../../../test/support/eventually.js';
import { MessagingEnvironment } from '../../../../test/support/services/messaging-environment.js';
import { arrangedBroker } from '../../../../tools/servers/servers.ts';
import { testHome } from '../../../../tools/workspace/home.ts';
import type { Envelope, Query } from '../envelope.js';
import { ServiceUnavailable } from '../faults.js';
import { answerEach, batchOf } from '../nest/batch-of.js';
import { RpcClient } from '../requests/rpc-client.js';

/** An alarm blocks every client that publishes, so this suite runs with a broker of its own, as journeys do. */
describe('a broker with a memory alarm', () => {
  const broker = arrangedBroker(testHome());
  const received: number[] = [];
  const requested: number[] = [];
  let environment: MessagingEnvironment;
  let rpc: RpcClient;

  const alarm = () => broker.control('set_vm_memory_high_watermark', '0');
  const allClear = () => broker.control('set_vm_memory_high_watermark', '0.4');

  beforeAll(async () => {
    await broker.start();
    environment = await MessagingEnvironment.create();
    @Controller()
    class Subscriber {
      @EventPattern<string>(environment.happened.type)
      async onHappened(@Payload(batchOf(environment.happened)) batch: Envelope<{ value: number }>[]): Promise<void> {
        received.push(...batch.map(({ data }) => data.value));
      }

      @MessagePattern<string>(environment.look.type)
      look(@Payload(batchOf(environment.look)) batch: Query<{ value: number }>[]) {
        return answerEach(batch, async ({ data }) => {
          requested.push(data.value);
          return { seen: data.value };
        });
      }
    }
    await environment.start(environment.subscriber, { controllers: [Subscriber] });
    rpc = (await environment.start(environment.publisher, { databaseUrl: environment.database.url })).get(RpcClient);
  });
  afterAll(async () => {
    await allClear();
    await environment.close();
  });

  const request = (value: number) => rpc.request(environment.look, { value }, { timeoutMs: 1_000 });

  it('delays events and requests, loses no event, and keeps no request waiting for ever', async () => {
    await environment.commitEvents([1, 2]);
    await eventually(() => received.length === 2);
    expect(await request(1)).toEqual({ seen: 1 });

    await alarm();
    // Before the connection is blocked, a request fails after its timeout.
    await eventually(async () => {
      const [reply] = await Promise.allSettled([request(2)]);
      if (reply.status === 'fulfilled') return false;
      expect(reply.reason).toBeInstanceOf(ServiceUnavailable);
      return reply.reason.message.includes('the broker accepts no messages for now');
    });
    await environment.commitEvents([3, 4]);
    await expect(request(3)).rejects.toThrow(ServiceUnavailable);
    await environment.commitEvents([5]);
    await expect(request(4)).rejects.toThrow(ServiceUnavailable);
    expect(await environment.unpublished()).toBe(3);
    expect(received).toEqual([1, 2]);

    await allClear();
    await eventually(() => new Set(received).size === 5);
    await eventually(async () => expect(await environment.unpublished()).toBe(0));
    // In their order. A window that was not confirmed in time is published again as a whole.
    expect(received.filter((value, position) => received.indexOf(value) === position)).toEqual([1, 2, 3, 4, 5]);
    await eventually(async () => expect(await request(6)).toEqual({ seen: 6 }));
    // Requests that failed while the connection was blocked were never sent.
    expect(requested).not.toContain(3);
    expect(requested).not.toContain(4);
  });
});

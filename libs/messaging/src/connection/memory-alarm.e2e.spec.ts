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

/** An alarm holds up everybody who publishes, so this suite runs where it has the broker to itself, as journeys do. */
describe('a broker with a memory alarm', () => {
  const broker = arrangedBroker(testHome());
  const heard: number[] = [];
  const asked: number[] = [];
  let environment: MessagingEnvironment;
  let rpc: RpcClient;

  const alarm = () => broker.control('set_vm_memory_high_watermark', '0');
  const allClear = () => broker.control('set_vm_memory_high_watermark', '0.4');

  beforeAll(async () => {
    await broker.start();
    environment = await MessagingEnvironment.create();
    @Controller()
    class Hearing {
      @EventPattern<string>(environment.happened.type)
      async onHappened(@Payload(batchOf(environment.happened)) batch: Envelope<{ value: number }>[]): Promise<void> {
        heard.push(...batch.map(({ data }) => data.value));
      }

      @MessagePattern<string>(environment.look.type)
      look(@Payload(batchOf(environment.look)) batch: Query<{ value: number }>[]) {
        return answerEach(batch, async ({ data }) => {
          asked.push(data.value);
          return { seen: data.value };
        });
      }
    }
    await environment.start(environment.subscriber, { controllers: [Hearing] });
    rpc = (await environment.start(environment.publisher, { databaseUrl: environment.database.url })).get(RpcClient);
  });
  afterAll(async () => {
    await allClear();
    await environment.close();
  });

  const ask = (value: number) => rpc.request(environment.look, { value }, { timeoutMs: 1_000 });

  it('holds up events and requests, and neither loses a event nor lets anybody wait for ever', async () => {
    await environment.commitEvents([1, 2]);
    await eventually(() => heard.length === 2);
    expect(await ask(1)).toEqual({ seen: 1 });

    await alarm();
    // Until the alarm is known here, a request waits for its answer no longer than it said.
    await eventually(async () => {
      const [answer] = await Promise.allSettled([ask(2)]);
      if (answer.status === 'fulfilled') return false;
      expect(answer.reason).toBeInstanceOf(ServiceUnavailable);
      return answer.reason.message.includes('the broker takes no messages for now');
    });
    await environment.commitEvents([3, 4]);
    await expect(ask(3)).rejects.toThrow(ServiceUnavailable);
    await environment.commitEvents([5]);
    await expect(ask(4)).rejects.toThrow(ServiceUnavailable);
    expect(await environment.unpublished()).toBe(3);
    expect(heard).toEqual([1, 2]);

    await allClear();
    await eventually(() => new Set(heard).size === 5);
    await eventually(async () => expect(await environment.unpublished()).toBe(0));
    // In their order; a window that was not confirmed in time may be told again, whole.
    expect(heard.filter((value, position) => heard.indexOf(value) === position)).toEqual([1, 2, 3, 4, 5]);
    await eventually(async () => expect(await ask(6)).toEqual({ seen: 6 }));
    // What was refused while the alarm was known was never sent.
    expect(asked).not.toContain(3);
    expect(asked).not.toContain(4);
  });
});

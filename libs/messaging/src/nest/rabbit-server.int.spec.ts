import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type CanActivate,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { EMPTY, tap } from 'rxjs';
import { eventually } from '../../../../test/support/eventually.js';
import { MessagingEnvironment } from '../../../../test/support/services/messaging-environment.js';
import { parkedQueue, serviceQueue } from '../connection/topology.js';
import { Inbox } from '../consuming/inbox.js';
import type { Envelope, Query } from '../envelope.js';
import { RemoteFault } from '../faults.js';
import { DeadLetters } from '../parking/dead-letters.js';
import { RpcClient } from '../requests/rpc-client.js';
import { answerEach, batchOf } from './batch-of.js';
import { BatchContext } from './call-handler.js';

let environment: MessagingEnvironment;

beforeAll(async () => {
  environment = await MessagingEnvironment.create();
});
afterAll(() => environment.close());
afterEach(async () => {
  for (const app of [...environment.apps]) await environment.stop(app);
});

class Ignorable extends Error {}

@Catch(Ignorable)
class Ignore implements ExceptionFilter {
  catch() {
    return EMPTY;
  }
}

/** Injects a provider, as guards do. */
@Injectable()
class AllowsEvenBatches implements CanActivate {
  constructor(private readonly inbox: Inbox) {}

  canActivate(context: ExecutionContext): boolean {
    const batch = context.switchToRpc().getData<Query<{ value: number }>[]>();
    return this.inbox instanceof Inbox && batch.every(({ data }) => data.value % 2 === 0);
  }
}

let intercepted = 0;

@Injectable()
class Counts implements NestInterceptor {
  intercept(_context: ExecutionContext, next: { handle(): ReturnType<NestInterceptor['intercept']> }) {
    return (next.handle() as typeof EMPTY).pipe(tap({ complete: () => intercepted++ }));
  }
}

describe('a handler', () => {
  it('runs with Nest’s filters and interceptors, once per batch, and receives its context', async () => {
    const seen: number[] = [];
    const contexts: number[] = [];
    @Controller()
    @UseFilters(Ignore)
    @UseInterceptors(Counts)
    class Subscriber {
      @EventPattern<string>(environment.happened.type)
      async onHappened(
        @Payload(batchOf(environment.happened)) batch: Envelope<{ value: number }>[],
        @Ctx() context: BatchContext,
      ): Promise<void> {
        contexts.push(context.messages.length);
        if (batch.some(({ data }) => data.value === 13)) throw new Ignorable('thirteen');
        seen.push(...batch.map(({ data }) => data.value));
      }
    }
    await environment.start(environment.subscriber, { controllers: [Subscriber] });
    environment.put(environment.envelope(13));
    await eventually(() => contexts.length === 1);
    environment.put(environment.envelope(1));
    await eventually(() => seen.length === 1);
    expect(contexts).toEqual([1, 1]);
    expect(intercepted).toBe(1);
    for (const app of [...environment.apps]) await environment.stop(app);
    expect(await environment.depth(serviceQueue(environment.subscriber))).toBe(0);
    expect(await environment.depth(parkedQueue(environment.subscriber))).toBe(0);
  });

  it('runs behind Nest’s guards: a batch that they reject is not handled', async () => {
    @Controller()
    class Guarded {
      @MessagePattern<string>(environment.look.type)
      @UseGuards(AllowsEvenBatches)
      look(@Payload(batchOf(environment.look)) batch: Query<{ value: number }>[]) {
        return answerEach(batch, async ({ data }) => ({ seen: data.value }));
      }
    }
    await environment.start(environment.subscriber, { controllers: [Guarded] });
    const rpc = (await environment.start(environment.publisher)).get(RpcClient);
    const settled = await Promise.allSettled([
      rpc.request(environment.look, { value: 1 }),
      rpc.request(environment.look, { value: 2 }),
    ]);
    expect(settled).toMatchObject([{ reason: expect.any(RemoteFault) }, { value: { seen: 2 } }]);
  });

  it('may be one of two that receive the same event', async () => {
    const received: string[] = [];
    const subscriber = (name: string) => {
      @Controller()
      class Subscriber {
        @EventPattern<string>(environment.happened.type)
        async onHappened(): Promise<void> {
          received.push(name);
          if (name === 'second') throw new Error('the second one fails');
        }
      }
      return Subscriber;
    };
    await environment.start(environment.subscriber, { controllers: [subscriber('first'), subscriber('second')] });
    environment.put(environment.envelope(1));
    const ops = (await environment.start(environment.publisher)).get(DeadLetters);
    const [parked] = await eventually(async () => {
      const { items } = await ops.list(environment.subscriber);
      return items.length === 1 && items;
    });
    expect(parked?.detail).toContain('the second one fails');
    expect(received.toSorted()).toEqual(['first', 'second']);
  });
});

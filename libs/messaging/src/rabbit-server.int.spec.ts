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
import { eventually } from '../../../test/support/eventually.js';
import { MessagingWorld } from '../../../test/support/messaging-world.js';
import { answerEach, batchOf } from './batch-of.js';
import { DeadLetters } from './dead-letters.js';
import type { Envelope, Query } from './envelope.js';
import { RemoteFault } from './faults.js';
import { BatchContext } from './handlers.js';
import { Inbox } from './inbox.js';
import { RpcClient } from './rpc-client.js';
import { parkedQueue, serviceQueue } from './topology.js';

let world: MessagingWorld;

beforeAll(async () => {
  world = await MessagingWorld.create();
});
afterAll(() => world.close());
afterEach(async () => {
  for (const app of [...world.apps]) await world.stop(app);
});

class Forgivable extends Error {}

@Catch(Forgivable)
class Forgive implements ExceptionFilter {
  catch() {
    return EMPTY;
  }
}

/** Takes something from the container, as guards do. */
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
  it('has Nest’s filters and interceptors, once per batch, and its context', async () => {
    const seen: number[] = [];
    const contexts: number[] = [];
    @Controller()
    @UseFilters(Forgive)
    @UseInterceptors(Counts)
    class Hearing {
      @EventPattern<string>(world.happened.type)
      async onHappened(
        @Payload(batchOf(world.happened)) batch: Envelope<{ value: number }>[],
        @Ctx() context: BatchContext,
      ): Promise<void> {
        contexts.push(context.messages.length);
        if (batch.some(({ data }) => data.value === 13)) throw new Forgivable('thirteen');
        seen.push(...batch.map(({ data }) => data.value));
      }
    }
    await world.start(world.hearer, { controllers: [Hearing] });
    world.put(world.envelope(13));
    await eventually(() => contexts.length === 1);
    world.put(world.envelope(1));
    await eventually(() => seen.length === 1);
    expect(contexts).toEqual([1, 1]);
    expect(intercepted).toBe(1);
    for (const app of [...world.apps]) await world.stop(app);
    expect(await world.depth(serviceQueue(world.hearer))).toBe(0);
    expect(await world.depth(parkedQueue(world.hearer))).toBe(0);
  });

  it('has Nest’s guards: what they turn away is not handled', async () => {
    @Controller()
    class Guarded {
      @MessagePattern<string>(world.look.type)
      @UseGuards(AllowsEvenBatches)
      look(@Payload(batchOf(world.look)) batch: Query<{ value: number }>[]) {
        return answerEach(batch, async ({ data }) => ({ seen: data.value }));
      }
    }
    await world.start(world.hearer, { controllers: [Guarded] });
    const rpc = (await world.start(world.teller)).get(RpcClient);
    const settled = await Promise.allSettled([rpc.ask(world.look, { value: 1 }), rpc.ask(world.look, { value: 2 })]);
    expect(settled).toMatchObject([{ reason: expect.any(RemoteFault) }, { value: { seen: 2 } }]);
  });

  it('may be one of two in an app that hear the same fact', async () => {
    const heard: string[] = [];
    const hearing = (name: string) => {
      @Controller()
      class Hearing {
        @EventPattern<string>(world.happened.type)
        async onHappened(): Promise<void> {
          heard.push(name);
          if (name === 'second') throw new Error('the second one fails');
        }
      }
      return Hearing;
    };
    await world.start(world.hearer, { controllers: [hearing('first'), hearing('second')] });
    world.put(world.envelope(1));
    const ops = (await world.start(world.teller)).get(DeadLetters);
    const [parked] = await eventually(async () => {
      const { items } = await ops.list(world.hearer);
      return items.length === 1 && items;
    });
    expect(parked?.detail).toContain('the second one fails');
    expect(heard.toSorted()).toEqual(['first', 'second']);
  });
});

import { Controller, type DynamicModule, Module, type Type } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { type ActionService, listActions } from '#contracts/actions.js';
import { Transactions } from '#persistence/transaction.js';
import { ActionLog } from '../actions/action-log.js';
import type { QueryOf, ReplyOf } from '../envelope.js';
import { answerEach, batchOf } from './batch-of.js';

/** The controller that lists what admins did by commands to `service`. */
function actionsConsumerOf(service: ActionService): Type {
  const contract = listActions[service];

  @Controller()
  class ActionsConsumer {
    constructor(
      private readonly actions: ActionLog,
      private readonly transactions: Transactions,
    ) {}

    @MessagePattern<string>(contract.type)
    list(@Payload(batchOf(contract)) batch: QueryOf<typeof contract>[]): Promise<ReplyOf<typeof contract>[]> {
      return answerEach(batch, ({ data }) => this.actions.list(this.transactions, data));
    }
  }
  return ActionsConsumer;
}

/** Answers the list of actions of a service; an app imports it once. */
@Module({})
export class ActionsModule {
  static forService(service: ActionService): DynamicModule {
    return { module: ActionsModule, controllers: [actionsConsumerOf(service)] };
  }
}

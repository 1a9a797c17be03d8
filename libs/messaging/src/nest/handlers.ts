import { BaseRpcContext, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Command, Envelope } from '../envelope.js';

/** What `@Ctx()` gives: the messages as they arrived, before any pipe. */
export class BatchContext extends BaseRpcContext<[readonly (Envelope | Command)[]]> {
  get messages(): readonly (Envelope | Command)[] {
    return this.getArgByIndex(0);
  }
}

/** One call of one of Nest's handlers, with its pipes, guards, interceptors and filters, for a whole batch. */
export async function callHandler(handler: MessageHandler, batch: readonly (Envelope | Command)[]): Promise<unknown> {
  const result = await handler(batch, new BatchContext([batch]));
  return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
}

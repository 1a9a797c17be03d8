import { BaseRpcContext, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { BatchHandler, Command, Envelope } from '../envelope.js';

/** The context of a batch, as `@Ctx()` gives it: the messages as they arrived, before any pipe. */
export class BatchContext extends BaseRpcContext<[readonly (Envelope | Command)[]]> {
  get messages(): readonly (Envelope | Command)[] {
    return this.getArgByIndex(0);
  }
}

/** A Nest handler as the consumers call it: one call, with its pipes, guards, interceptors and filters, per batch. */
export function batchHandler(handler: MessageHandler): BatchHandler {
  return async (batch) => {
    const result = await handler(batch, new BatchContext([batch]));
    return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
  };
}

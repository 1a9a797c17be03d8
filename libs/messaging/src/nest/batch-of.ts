import type { PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import type { EventContract, RequestContract } from '#contracts/contract.js';
import { Refusal } from '#kernel/refusal.js';
import type { Command, Envelope, Reply } from '../envelope.js';
import { InvalidPayload } from '../faults.js';

/**
 * For `@Payload(batchOf(contract))`: the batch with the data of each item validated, in the order of arrival; envelopes
 * for an event, commands for a command or a query. An invalid event is parked, an invalid request refused with
 * REQUEST_MALFORMED, and the handler receives the others.
 * @throws InvalidPayload from `transform`; the consumer repeats the call without the invalid items
 */
export function batchOf<Data extends z.ZodType>(
  contract: EventContract<Data>,
): PipeTransform<readonly Envelope[], Envelope<z.output<Data>>[]>;
export function batchOf<Request extends z.ZodType, Response extends z.ZodType>(
  contract: RequestContract<Request, Response>,
): PipeTransform<readonly Command[], Command<z.output<Request>>[]>;
export function batchOf(contract: EventContract | RequestContract): PipeTransform {
  const schema = contract.kind === 'event' ? contract.data : contract.request;
  return {
    transform(batch: readonly { readonly data: unknown }[]) {
      const faults = new Map<number, Refusal>();
      const items = batch.map((item, position) => {
        const parsed = schema.safeParse(item.data);
        if (!parsed.success) faults.set(position, refusalOf(contract, parsed.error));
        return { ...item, data: parsed.data };
      });
      if (faults.size > 0) throw new InvalidPayload(faults);
      return items;
    },
  };
}

function refusalOf(contract: EventContract | RequestContract, error: z.ZodError): Refusal {
  const issues = error.issues.map((issue) => ({ field: issue.path.join('.'), says: issue.message }));
  const first = issues[0];
  return new Refusal('REQUEST_MALFORMED', `${contract.type}: ${first?.field ?? ''} ${first?.says ?? ''}`, { issues });
}

/**
 * Answers each request of a batch by itself, all at the same time. For handlers that gain nothing from a batch.
 * A Refusal that `answer` throws is the reply to that request; any other error fails the batch.
 */
export function answerEach<Data, Answer>(
  batch: readonly Command<Data>[],
  answer: (request: Command<Data>) => Promise<Answer>,
): Promise<Reply<Answer>[]> {
  return Promise.all(
    batch.map(async (request) => {
      try {
        return { answer: await answer(request) };
      } catch (error) {
        if (error instanceof Refusal) return { refusal: error };
        throw error;
      }
    }),
  );
}

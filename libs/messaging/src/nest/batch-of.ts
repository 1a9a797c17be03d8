import type { PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import type { EventContract, RequestContract } from '#contracts/contract.js';
import { Refusal } from '#kernel/refusal.js';
import type { Command, Envelope, Reply } from '../envelope.js';

/** Some items of a batch do not have the shape that their contract asks for; the others are untouched. */
export class InvalidPayload extends Error {
  override readonly name = 'Misshapen';

  /** @param faults what is wrong, by position in the batch */
  constructor(readonly faults: ReadonlyMap<number, Refusal>) {
    super(`${faults.size} of the batch do not fit their contract`);
  }
}

/**
 * For `@Payload(batchOf(contract))`: the micro-batch with each item's data validated, in the order of arrival.
 * Items that do not fit are taken out (a event is parked, a request refused with REQUEST_MALFORMED) and the handler is
 * called with the rest.
 *
 * Gives envelopes for a event, and commands for a command or a query.
 * @throws Misshapen from `transform`, naming those that do not fit; the consumer calls again without them
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
        if (!parsed.success) faults.set(position, misfit(contract, parsed.error));
        return { ...item, data: parsed.data };
      });
      if (faults.size > 0) throw new InvalidPayload(faults);
      return items;
    },
  };
}

function misfit(contract: EventContract | RequestContract, error: z.ZodError): Refusal {
  const issues = error.issues.map((issue) => ({ field: issue.path.join('.'), says: issue.message }));
  const first = issues[0];
  return new Refusal('REQUEST_MALFORMED', `${contract.type}: ${first?.field ?? ''} ${first?.says ?? ''}`, { issues });
}

/**
 * For handlers whose items have nothing to gain from being a set: each is answered by itself, at the same time.
 * A Refusal that `answer` throws is that item's answer; any other error fails the batch.
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

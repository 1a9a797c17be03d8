import { Injectable } from '@nestjs/common';
import { Refusal } from '#kernel/refusal.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { WakeSending } from '../deliveries/wake-sending.js';
import { type Endpoint, existing } from '../endpoints/domain/endpoint.js';
import { EndpointsStore } from '../endpoints/endpoints.store.js';

/** The common part of the commands that make deliveries due: on locked endpoints, which no other command changes. */
@Injectable()
export class AnswerOnEndpoint {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly endpoints: EndpointsStore,
    private readonly waking: WakeSending,
  ) {}

  /** A Refusal that `act` throws is the reply to its command. */
  async answer<Data extends { readonly endpoint_id: string }, Answer>(
    batch: readonly Command<Data>[],
    act: (tx: Tx, endpoint: Endpoint, data: Data) => Promise<Answer>,
  ): Promise<Reply<Answer>[]> {
    const replies = await this.transactions.run((tx) =>
      this.commands.answer(tx, batch, async (fresh) => {
        const locked = await this.endpoints.lock(
          tx,
          fresh.map(({ data }) => data.endpoint_id),
        );
        const answers: Reply<Answer>[] = [];
        // People act by hand: a batch has one command, or a few.
        for (const { data } of fresh) answers.push(await actOne(tx, locked.get(data.endpoint_id), data, act));
        return answers;
      }),
    );
    this.waking.wakeIn(0);
    return replies;
  }
}

async function actOne<Data, Answer>(
  tx: Tx,
  endpoint: Endpoint | undefined,
  data: Data,
  act: (tx: Tx, endpoint: Endpoint, data: Data) => Promise<Answer>,
): Promise<Reply<Answer>> {
  try {
    return { answer: await act(tx, existing(endpoint), data) };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error };
    throw error;
  }
}

import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { replyOf } from '#messaging/requests/replies.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { type Endpoint, type EndpointView, endpointView, existing } from './domain/endpoint.js';
import { EndpointsStore } from './endpoints.store.js';

/** What becomes of an endpoint by a command; a Refusal that is thrown is the reply. */
export type Alteration<Data> = (
  endpoint: Endpoint,
  data: Data,
  now: Temporal.Instant,
  tx: Tx,
) => Endpoint | Promise<Endpoint>;

/** The common part of the commands on one endpoint: they run one after the other, on locked endpoints. */
@Injectable()
export class AlterEndpoints {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly endpoints: EndpointsStore,
    private readonly clock: Clock,
  ) {}

  /** An endpoint that the alteration returns as it was keeps its version. */
  answer<Data extends { readonly endpoint_id: string }>(
    batch: readonly Command<Data>[],
    alter: Alteration<Data>,
  ): Promise<Reply<EndpointView>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(tx, batch, async (fresh) => {
        const now = this.clock.now();
        const ids = fresh.map(({ data }) => data.endpoint_id);
        const current = await this.endpoints.lock(tx, ids);
        const changed = new Map<string, Endpoint>();
        const results: (Endpoint | Refusal)[] = [];
        for (const { data } of fresh) {
          const result = await alterOne(current.get(data.endpoint_id), data, now, tx, alter);
          results.push(result);
          if (result instanceof Refusal || result === current.get(result.id)) continue;
          current.set(result.id, result);
          changed.set(result.id, result);
        }
        await this.endpoints.save(tx, [...changed.values()]);
        const secrets = Map.groupBy(await this.endpoints.secrets(ids, now, tx), ({ endpointId }) => endpointId);
        return results.map((result) =>
          replyOf(result, (endpoint) => endpointView(endpoint, secrets.get(endpoint.id) ?? [])),
        );
      }),
    );
  }
}

async function alterOne<Data>(
  endpoint: Endpoint | undefined,
  data: Data,
  now: Temporal.Instant,
  tx: Tx,
  alter: Alteration<Data>,
): Promise<Endpoint | Refusal> {
  try {
    const found = existing(endpoint);
    const altered = await alter(found, data, now, tx);
    return altered === found ? found : { ...altered, version: found.version + 1, changedAt: now };
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

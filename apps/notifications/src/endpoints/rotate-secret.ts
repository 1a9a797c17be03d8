import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { rotateWebhookSecret } from '#contracts/notifications/webhook-endpoints.js';
import { Clock } from '#kernel/clock.js';
import { idFrom } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { type Endpoint, existing } from './domain/endpoint.js';
import { EndpointsStore } from './endpoints.store.js';
import { type Made, ShowSecrets } from './show-secrets.js';

type Rotation = Command<RequestOf<typeof rotateWebhookSecret>>;
type Rotated = ResponseOf<typeof rotateWebhookSecret>;

/** Each delivery carries one signature per secret. */
const secretsMax = 5;

/**
 * Makes a new secret of an endpoint. The ones before sign too, until the overlap ends. As with the first secret, the
 * reply is not stored, and a repeat finds the secret by the id of its command.
 */
@Injectable()
export class RotateSecret {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly endpoints: EndpointsStore,
    private readonly showing: ShowSecrets,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Rotation[]): Promise<Reply<Rotated>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(
        tx,
        batch,
        async (commands) => {
          const ids = commands.map(({ data }) => data.endpoint_id);
          const locked = await this.endpoints.lock(tx, ids);
          const made: (Made | Refusal)[] = [];
          // People rotate by hand: a batch has one command, or a few.
          for (const command of commands) made.push(await this.rotate(tx, command, locked));
          return this.showing.replies(tx, made);
        },
        () => false,
      ),
    );
  }

  private async rotate(tx: Tx, { id, data }: Rotation, locked: Map<string, Endpoint>): Promise<Made | Refusal> {
    const secretId = idFrom('webhook-secret', id);
    const [repeated] = await this.endpoints.findSecrets(tx, [secretId]);
    try {
      const endpoint = existing(locked.get(data.endpoint_id));
      if (repeated) return { endpoint, secretId };
      const now = this.clock.now();
      const living = await this.endpoints.secrets([endpoint.id], now, tx);
      if (living.length >= secretsMax && data.overlap_hours > 0) throw tooManySecrets();
      await this.endpoints.endSecrets(tx, endpoint.id, now.add({ hours: data.overlap_hours }));
      await this.endpoints.addSecrets(tx, [await this.showing.newSecret(endpoint.id, secretId)]);
      return { endpoint, secretId };
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }
}

function tooManySecrets(): Refusal {
  return new Refusal('TOO_MANY_WEBHOOK_SECRETS', `${secretsMax} secrets sign already: wait until one has ended.`, {
    field: 'overlap_hours',
    limit: secretsMax,
  });
}

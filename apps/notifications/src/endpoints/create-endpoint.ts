import { Injectable } from '@nestjs/common';
import { publicEvents } from '#contracts/catalogue.js';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { createWebhookEndpoint } from '#contracts/notifications/webhook-endpoints.js';
import { Clock } from '#kernel/clock.js';
import { idFrom } from '#kernel/ids.js';
import { orRefusal, Refusal } from '#kernel/refusal.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { NotificationsSettings } from '../notifications.config.js';
import type { Endpoint } from './domain/endpoint.js';
import { eventTypesOf, targetOf } from './domain/endpoint-terms.js';
import { EndpointsStore } from './endpoints.store.js';
import { ShowSecrets } from './show-secrets.js';

type Creation = Command<RequestOf<typeof createWebhookEndpoint>>;
type Created = ResponseOf<typeof createWebhookEndpoint>;

/** Each event is written once per endpoint, so their number is bounded. */
const endpointsMax = 100;
const publicTypes = new Set(publicEvents.map(({ type }) => type));

/** Checks the terms of new endpoints. */
@Injectable()
export class DraftEndpoints {
  constructor(
    private readonly settings: NotificationsSettings,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal WEBHOOK_URL_REFUSED, WEBHOOK_EVENT_TYPE_UNKNOWN */
  one(id: string, { url, description, event_types: eventTypes }: Creation['data']): Endpoint {
    const now = this.clock.now();
    return {
      id,
      url: targetOf(url, this.settings.allowedTargets),
      description,
      eventTypes: eventTypesOf(eventTypes, publicTypes),
      status: 'active',
      statusReason: null,
      statusChangedAt: now,
      failures: 0,
      failingSince: null,
      notBefore: null,
      version: 1,
      createdAt: now,
      changedAt: now,
    };
  }
}

/**
 * Creates endpoints with their first secret. The reply is not stored, because it has the secret: the ids of endpoint
 * and secret follow from the command, and a repeat finds what the first one made.
 */
@Injectable()
export class CreateEndpoint {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly endpoints: EndpointsStore,
    private readonly showing: ShowSecrets,
    private readonly drafts: DraftEndpoints,
  ) {}

  execute(batch: readonly Creation[]): Promise<Reply<Created>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(
        tx,
        batch,
        (commands) => this.create(tx, commands),
        () => false,
      ),
    );
  }

  private async create(tx: Tx, commands: readonly Creation[]): Promise<Reply<Created>[]> {
    const ids = commands.map(({ id }) => idFrom('webhook-endpoint', id));
    let count = await this.endpoints.countForCreation(tx);
    const known = await this.endpoints.find(ids, tx);
    const found = commands.map((command, index) =>
      orRefusal(() => {
        const id = ids[index] as string;
        const repeated = known.get(id);
        if (repeated) return repeated;
        const draft = this.drafts.one(id, command.data);
        if (count >= endpointsMax) throw tooManyEndpoints();
        count += 1;
        return draft;
      }),
    );
    const fresh = found.filter((draft): draft is Endpoint => !(draft instanceof Refusal) && !known.has(draft.id));
    const secrets = await Promise.all(fresh.map(({ id }) => this.showing.newSecret(id, secretIdOf(id))));
    await this.endpoints.add(tx, fresh, secrets);
    const made = found.map((draft) =>
      draft instanceof Refusal ? draft : { endpoint: draft, secretId: secretIdOf(draft.id) },
    );
    return this.showing.replies(tx, made);
  }
}

/** The first secret of an endpoint. */
const secretIdOf = (endpointId: string) => idFrom('webhook-secret', endpointId);

function tooManyEndpoints(): Refusal {
  return new Refusal('TOO_MANY_WEBHOOK_ENDPOINTS', `There are ${endpointsMax} webhook endpoints: archive one first.`, {
    limit: endpointsMax,
  });
}

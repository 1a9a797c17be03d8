import { Injectable } from '@nestjs/common';
import type { ResponseOf } from '#contracts/contract.js';
import type { createWebhookEndpoint } from '#contracts/notifications/webhook-endpoints.js';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import type { Reply } from '#messaging/envelope.js';
import type { Tx } from '#persistence/transaction.js';
import { SecretSeal } from '../secrets/secret-seal.js';
import { type Endpoint, endpointView } from './domain/endpoint.js';
import { EndpointsStore, type SealedSecret } from './endpoints.store.js';

type Shown = ResponseOf<typeof createWebhookEndpoint>;

/** An endpoint, and the secret that a command made for it. */
export interface Made {
  readonly endpoint: Endpoint;
  readonly secretId: string;
}

/** A client that lost the answer repeats the command within this time. */
const shownForHours = 1;

/** Shows the secret that a command made: in its answer, and in that to a repeat within an hour. */
@Injectable()
export class ShowSecrets {
  constructor(
    private readonly endpoints: EndpointsStore,
    private readonly seal: SecretSeal,
    private readonly clock: Clock,
  ) {}

  /** A new secret of an endpoint, sealed. */
  async newSecret(endpointId: string, id: string): Promise<SealedSecret> {
    const sealed = await this.seal.seal(this.seal.newSecret());
    return { id, endpointId, sealed, createdAt: this.clock.now(), expiresAt: null };
  }

  /** The replies to the commands that made these. */
  async replies(tx: Tx, made: readonly (Made | Refusal)[]): Promise<Reply<Shown>[]> {
    const now = this.clock.now();
    const all = made.filter((one): one is Made => !(one instanceof Refusal));
    const ids = all.map(({ endpoint }) => endpoint.id);
    const living = Map.groupBy(await this.endpoints.secrets(ids, now, tx), ({ endpointId }) => endpointId);
    const secretIds = all.map(({ secretId }) => secretId);
    const secrets = new Map((await this.endpoints.findSecrets(tx, secretIds)).map((secret) => [secret.id, secret]));
    return Promise.all(
      made.map(async (one) => {
        if (one instanceof Refusal) return { refusal: one };
        const endpoint = endpointView(one.endpoint, living.get(one.endpoint.id) ?? []);
        return { answer: { endpoint, secret: await this.shown(secrets.get(one.secretId), now) } };
      }),
    );
  }

  private async shown(secret: SealedSecret | undefined, now: Temporal.Instant): Promise<string | null> {
    if (!secret) return null;
    const end = secret.createdAt.add({ hours: shownForHours });
    return Temporal.Instant.compare(now, end) < 0 ? this.seal.open(secret.sealed) : null;
  }
}

import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { payloadOf } from '../deliveries/domain/payload.js';
import { SecretSeal } from '../secrets/secret-seal.js';
import type { Claimed, Tried } from './claims.store.js';
import { outcomeOf } from './domain/outcome.js';
import { signedHeaders } from './domain/signatures.js';
import { HttpClient } from './http-client.js';

/** Makes one attempt of a claimed delivery. It writes nothing. */
@Injectable()
export class SendDelivery {
  constructor(
    private readonly seal: SecretSeal,
    private readonly http: HttpClient,
    private readonly clock: Clock,
  ) {}

  async execute(delivery: Claimed): Promise<Tried> {
    const startedAt = this.clock.now();
    const body = payloadOf(delivery);
    const secrets = await Promise.all(delivery.secrets.map((sealed) => this.seal.open(sealed)));
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Matricula-Webhooks/1.0',
      ...signedHeaders(delivery.eventId, body, secrets, startedAt),
    };
    const answer = await this.http.post(delivery.url, headers, body);
    return { delivery, startedAt, outcome: outcomeOf(answer, delivery, this.clock.now(), Math.random()) };
  }
}

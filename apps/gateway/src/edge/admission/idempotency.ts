import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { idempotencyKey } from '#contracts/http.js';
import { idFrom, newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import type { Author } from '#messaging/author.js';
import { GatewaySettings } from '../../gateway.config.js';
import type { RequestCommand } from '../services/request-command.js';
import type { EndpointRules } from './endpoint-rules.js';
import { SharedStore } from './shared-store.js';

/** A lock outlives its request by this margin, so that only the lock of a crashed instance expires by itself. */
const lockMarginMs = 5_000;

declare module 'fastify' {
  interface FastifyRequest {
    command: RequestCommand | undefined;
    /** The holder of the in-flight lock in Redis, while this request holds it or may hold it. */
    inFlightLock: string | undefined;
  }
}

/**
 * A repeat with the same Idempotency-Key gets the first answer: the key becomes the command id, and the service's
 * command log decides. The in-flight lock in Redis only refuses a repeat early (409) while the first is running;
 * without it the repeat waits in the database for the same answer.
 */
@Injectable()
export class Idempotency {
  private readonly lockMs: number;

  constructor(
    private readonly store: SharedStore,
    { rpcTimeoutMs }: GatewaySettings,
  ) {
    this.lockMs = rpcTimeoutMs + lockMarginMs;
  }

  /** Sets the command id and takes the in-flight lock. False when a request with the same key is running. */
  async begin(request: FastifyRequest, { subject, role }: Author): Promise<boolean> {
    const author = { subject, role };
    const key = request.headers['idempotency-key'];
    if (!idempotencyKey.safeParse(key).success) {
      request.command = { id: newId(), author };
      return true;
    }
    // By route and not by address: the same key for another order is another request with the same id, and is refused.
    const { method, url } = request.routeOptions;
    const id = idFrom('http', subject, `${method} ${url}`, key as string);
    request.command = { id, author };
    const holder = newId();
    // Set before Redis answers: an answer that comes too late, or after the limits have failed, has taken the lock too.
    request.inFlightLock = holder;
    const isFree = await this.store.acquire(lockKey(id), holder, this.lockMs);
    if (!isFree) request.inFlightLock = undefined;
    return isFree;
  }

  /** Releases the lock. Call it before the answer leaves, so that an immediate repeat finds no lock. */
  end({ command, inFlightLock }: FastifyRequest): void {
    if (command !== undefined && inFlightLock !== undefined) this.store.release(lockKey(command.id), inFlightLock);
  }
}

/** Marks a stored answer, also a refusal, and says when it was first given. */
export function nameReplay({ command }: FastifyRequest, reply: FastifyReply): void {
  if (command?.firstAnsweredAt === undefined) return;
  reply.header('idempotent-replayed', 'true');
  reply.header('idempotent-first-answered-at', command.firstAnsweredAt.toString());
}

const lockKey = (commandId: string) => `gateway:running:${commandId}`;

/**
 * A route without keys ignores the header.
 * @throws Refusal IDEMPOTENCY_KEY_REQUIRED or IDEMPOTENCY_KEY_INVALID
 */
export function assertIdempotencyKey(rules: EndpointRules, { headers }: FastifyRequest): void {
  if (!rules.key) return;
  const key = headers['idempotency-key'];
  if (key === undefined && rules.key === 'required') {
    throw new Refusal('IDEMPOTENCY_KEY_REQUIRED', 'This moves money: send an Idempotency-Key, such as a new UUID.');
  }
  if (key !== undefined && !idempotencyKey.safeParse(key).success) {
    throw new Refusal('IDEMPOTENCY_KEY_INVALID', 'An Idempotency-Key has 1 to 255 visible ASCII characters.');
  }
}

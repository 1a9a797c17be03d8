import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { idempotencyKey } from '#contracts/http.js';
import { idFrom, newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { GatewaySettings } from '../gateway.config.js';
import type { EndpointRules } from './endpoint.js';
import { SharedStore } from './shared-store.js';

/** A mark outlives the request that it stands for, so that one of a crashed instance is all that ever lapses. */
const markerMarginMs = 5_000;

declare module 'fastify' {
  interface FastifyRequest {
    /** What a repeat of this request is known by, at the service that carries it out. */
    commandId: string | undefined;
    /** The mark in the shared store, while it is ours or may be. */
    mark: string | undefined;
  }
}

/**
 * A client that repeats a request with the same Idempotency-Key gets the first answer: the key becomes the command id,
 * and the service's command log decides. The mark in Redis only turns a repeat away while the first is still running,
 * before it costs anything; should Redis forget it, the repeat waits in the database for the same answer.
 */
@Injectable()
export class Idempotency {
  private readonly markerMs: number;

  constructor(
    private readonly store: SharedStore,
    { rpcTimeoutMs }: GatewaySettings,
  ) {
    this.markerMs = rpcTimeoutMs + markerMarginMs;
  }

  /** Names the request and marks it as running. Answers false when one with the same key is. */
  async begin(request: FastifyRequest, subject: string): Promise<boolean> {
    const key = request.headers['idempotency-key'];
    if (!idempotencyKey.safeParse(key).success) {
      request.commandId = newId();
      return true;
    }
    // By route and not by address: the same key for another order is another request, and refused as such.
    const { method, url } = request.routeOptions;
    request.commandId = idFrom('http', subject, `${method} ${url}`, key as string);
    const mark = newId();
    // Ours before Redis says so: one that answers too late, or after the limits have failed, has set it all the same.
    request.mark = mark;
    const isFree = await this.store.take(markKey(request.commandId), mark, this.markerMs);
    if (!isFree) request.mark = undefined;
    return isFree;
  }

  /** To be called before the answer leaves, so that whoever repeats the request at once finds no mark. */
  end({ commandId, mark }: FastifyRequest): void {
    if (commandId !== undefined && mark !== undefined) this.store.release(markKey(commandId), mark);
  }
}

const markKey = (commandId: string) => `gateway:running:${commandId}`;

/** @throws Refusal when the key is missing where it must be there, or is none. */
export function demandKey(rules: EndpointRules, { headers }: FastifyRequest): void {
  const key = headers['idempotency-key'];
  if (key === undefined && rules.key === 'required') {
    throw new Refusal('IDEMPOTENCY_KEY_REQUIRED', 'This moves money: send an Idempotency-Key, such as a new UUID.');
  }
  if (key !== undefined && !idempotencyKey.safeParse(key).success) {
    throw new Refusal('IDEMPOTENCY_KEY_INVALID', 'An Idempotency-Key has 1 to 255 visible ASCII characters.');
  }
}

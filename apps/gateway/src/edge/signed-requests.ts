import { type CanActivate, type ExecutionContext, Injectable, type RawBodyRequest } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isAuthentic } from '#identity/signature.js';
import { standardSignature } from '#identity/standard-webhook.js';
import { Clock } from '#kernel/clock.js';
import { idFrom } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { GatewaySettings } from '../gateway.config.js';

/**
 * Lets a request of an outside system in that carries its signature in place of a token. It runs once the bytes of the
 * body are there, before anything is made of them; whoever came with a token was let in before. Its id, which is signed
 * as well, is what it is known by, wherever it is sent: another message under the same id is refused.
 */
@Injectable()
export class SignedRequests implements CanActivate {
  constructor(
    private readonly settings: GatewaySettings,
    private readonly clock: Clock,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const message = context.switchToHttp().getRequest<RawBodyRequest<FastifyRequest>>();
    const { caller, headers, rawBody } = message;
    if (caller) return true;
    const claimed = standardSignature(headers, rawBody ?? Buffer.alloc(0));
    if (!claimed || !isAuthentic(claimed, this.settings.conversionKeys, this.clock.now())) {
      throw new Refusal(
        'SIGNATURE_INVALID',
        'The signature does not match this body, or its timestamp is more than 5 minutes off.',
      );
    }
    message.commandId = idFrom('signed', headers['webhook-id'] as string);
    return true;
  }
}

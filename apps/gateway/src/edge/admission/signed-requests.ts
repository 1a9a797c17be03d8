import { type CanActivate, type ExecutionContext, Injectable, type RawBodyRequest } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isAuthentic } from '#identity/signature.js';
import { standardSignature } from '#identity/standard-webhook.js';
import { Clock } from '#kernel/clock.js';
import { idFrom } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { GatewaySettings } from '../../gateway.config.js';

/**
 * Verifies the signature of a request that has no token. It runs after the body was received and before it is
 * validated. The signed `webhook-id` becomes the command id, for every route: another message with the same id is
 * refused.
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
    message.command = { id: idFrom('signed', headers['webhook-id'] as string) };
    return true;
  }
}

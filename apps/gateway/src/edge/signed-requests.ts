import { type CanActivate, type ExecutionContext, Injectable, type RawBodyRequest } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Clock } from '#kernel/clock.js';
import { idFrom } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { GatewaySettings } from '../gateway.config.js';
import { isSignedBy } from './standard-signature.js';

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
    const header = (name: string) => [headers[name]].flat()[0];
    const request = {
      id: header('webhook-id'),
      timestamp: header('webhook-timestamp'),
      signature: header('webhook-signature'),
      body: rawBody ?? Buffer.alloc(0),
    };
    if (!isSignedBy(this.settings.conversionKeys, request, this.clock.now())) {
      throw new Refusal(
        'SIGNATURE_INVALID',
        'The signature does not match this body, or its timestamp is more than 5 minutes off.',
      );
    }
    message.commandId = idFrom('signed', request.id as string);
    return true;
  }
}

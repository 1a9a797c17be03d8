import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { validationPipe } from '#http/validation.js';

/** What an endpoint takes that does not say what it takes. */
const nothing = z.strictObject({}).optional();

/**
 * Refuses a query or a body where the endpoint declares none, naming the members like all that is unknown: whoever
 * sends `dry_run` to what knows no such thing must not find it done. No body, an empty one and an empty object say
 * nothing, and pass. It runs once it is clear who asks.
 */
@Injectable()
export class NothingElse implements CanActivate {
  private readonly pipe = validationPipe();

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { query, body, routeOptions } = context.switchToHttp().getRequest<FastifyRequest>();
    const { endpoint } = routeOptions.config;
    if (!endpoint?.takesQuery) await this.pipe.transform(query, { type: 'query', schema: nothing });
    // An empty body that is said to be text is an empty text.
    if (!endpoint?.takesBody && body !== '') await this.pipe.transform(body, { type: 'body', schema: nothing });
    return true;
  }
}

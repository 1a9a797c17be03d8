import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { validationPipe } from '#http/validation.js';

/** The schema of a query or body that the endpoint does not declare. */
const nothing = z.strictObject({}).optional();

/**
 * Refuses a query or a body where the endpoint declares none, and names the unknown members: a request with `dry_run`
 * must not be carried out by an endpoint that has no such option. No body, an empty body and an empty object pass. It
 * runs after authentication.
 */
@Injectable()
export class RejectUndeclaredInput implements CanActivate {
  private readonly pipe = validationPipe();

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { query, body, routeOptions } = context.switchToHttp().getRequest<FastifyRequest>();
    const { endpoint } = routeOptions.config;
    if (!endpoint?.hasQuery) await this.pipe.transform(query, { type: 'query', schema: nothing });
    if (!endpoint?.hasBody) await this.pipe.transform(body, { type: 'body', schema: nothing });
    return true;
  }
}

import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Identity } from '#identity/claims.js';
import { TokenVerifier } from '#identity/verify-token.js';
import { Refusal } from '#kernel/refusal.js';
import type { CallerIdentity } from './caller.js';
import { MemberPersons } from './member-persons.js';
import { StreamTickets } from './stream-tickets.js';

const bearer = /^Bearer +([\w~+/.-]+=*) *$/i;

/** Authenticates a request by its bearer token, or by a ticket where the endpoint accepts one. */
@Injectable()
export class Authentication {
  constructor(
    private readonly tokens: TokenVerifier,
    private readonly persons: MemberPersons,
    private readonly tickets: StreamTickets,
  ) {}

  /**
   * The bearer of the token or ticket, or the refusal UNAUTHENTICATED or FORBIDDEN.
   * @throws IssuerUnavailable when the issuer's keys cannot be read
   */
  async identify({
    headers: { authorization },
    query,
    params,
    routeOptions,
  }: FastifyRequest): Promise<Identity | Refusal> {
    const { ticket } = query as { ticket?: unknown };
    if (authorization === undefined && ticket !== undefined && routeOptions.config.endpoint?.acceptsTicket) {
      const bearer = await this.tickets.bearerOf(ticket, (params as { id: string }).id);
      return bearer ?? unauthenticated('This ticket has expired, or is for another order.');
    }
    if (authorization === undefined) return unauthenticated('This needs a bearer token.');
    const token = bearer.exec(authorization)?.[1];
    if (token === undefined) return unauthenticated('The Authorization header is not “Bearer”, a space and a token.');
    try {
      return await this.tokens.verify(token);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  /**
   * The caller, with the person that a member is.
   * @throws ServiceUnavailable when the person cannot be read
   */
  async withPerson(identity: Identity): Promise<CallerIdentity> {
    const { person } = identity;
    return { ...identity, personId: person === null ? null : await this.persons.idOf(person) };
  }
}

/** The challenge of a 401 (RFC 6750 §3). It names an error only when the request carried a token. */
export function challengeOf({ authorization }: IncomingHttpHeaders, { message }: Refusal): string {
  const realm = 'Bearer realm="matricula"';
  if (authorization === undefined) return realm;
  return `${realm}, error="invalid_token", error_description="${message.replace(/[^\x20-\x7e]|["\\]/g, "'")}"`;
}

function unauthenticated(sentence: string): Refusal {
  return new Refusal('UNAUTHENTICATED', sentence);
}

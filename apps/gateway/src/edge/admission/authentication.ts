import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { type Identity, TokenVerifier } from '#identity/verify-token.js';
import { isId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';

const bearer = /^Bearer +([\w~+/.-]+=*) *$/i;

/** Authenticates a request by its bearer token. */
@Injectable()
export class Authentication {
  constructor(private readonly tokens: TokenVerifier) {}

  /**
   * The bearer of the token, or the refusal UNAUTHENTICATED.
   * @throws IssuerUnavailable when the issuer's keys cannot be read
   */
  async identify({ authorization }: IncomingHttpHeaders): Promise<Identity | Refusal> {
    if (authorization === undefined) return unauthenticated('This needs a bearer token.');
    const token = bearer.exec(authorization)?.[1];
    if (token === undefined) return unauthenticated('The Authorization header is not “Bearer”, a space and a token.');
    try {
      return namingPerson(await this.tokens.verify(token));
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }
}

/** The challenge of a 401 (RFC 6750 §3). It names an error only when the request carried a token. */
export function challengeOf({ authorization }: IncomingHttpHeaders, { message }: Refusal): string {
  const realm = 'Bearer realm="matricula"';
  if (authorization === undefined) return realm;
  return `${realm}, error="invalid_token", error_description="${message.replace(/[^\x20-\x7e]|["\\]/g, "'")}"`;
}

/** The identity with a member's subject in lower case; a refusal when a member's subject is not a UUID. */
function namingPerson(identity: Identity): Identity | Refusal {
  if (identity.role !== 'member') return identity;
  if (!isId(identity.subject)) return unauthenticated('The subject of a member’s token is not a person’s id.');
  return { ...identity, subject: identity.subject.toLowerCase() };
}

function unauthenticated(sentence: string): Refusal {
  return new Refusal('UNAUTHENTICATED', sentence);
}

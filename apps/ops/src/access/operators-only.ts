import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isSameOrigin } from '#http/browser/same-origin.js';
import { problemOf, retryAfterSeconds } from '#http/problem.js';
import { IssuerUnavailable, TokenVerifier } from '#identity/verify-token.js';
import { Refusal } from '#kernel/refusal.js';
import { opsProblems } from '../ops.problems.js';
import { setOperator } from './operator.js';
import { tokenInCookie } from './session-cookie.js';

/** The paths that are open to everybody, for the sign-in page. */
const open = new Set(['/sign-in', '/assets/ops.css']);
const harmless = new Set(['GET', 'HEAD', 'OPTIONS']);
const bearer = /^Bearer +([^ ]+) *$/i;

/**
 * Checks every request of this server, also for the queue dashboard and for unknown paths. A request needs a token
 * with the role `ops`, in the Authorization header or in the cookie of the sign-in page. A browser adds the cookie by
 * itself, so a change with the cookie must come from a page of this server.
 */
@Injectable()
export class OperatorsOnly {
  constructor(private readonly tokens: TokenVerifier) {}

  async admit(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    const path = request.url.split('?', 1)[0] as string;
    const changes = !harmless.has(request.method);
    const usesCookie = request.headers.authorization === undefined;
    if (changes && usesCookie && !isSameOrigin(request.headers)) {
      return refuse(reply, new Refusal('CROSS_SITE', 'This was not sent by a page of this server.'));
    }
    if (open.has(path)) return undefined;
    try {
      setOperator(request, await this.identify(request));
      return undefined;
    } catch (error) {
      const wantsPage = request.method === 'GET' && request.headers.accept?.includes('text/html');
      const isSignedOut = error instanceof Refusal && error.code === 'UNAUTHENTICATED';
      if (wantsPage && isSignedOut) return reply.redirect(`/sign-in?next=${encodeURIComponent(request.url)}`, 303);
      return refuse(reply, error);
    }
  }

  /** @throws Refusal UNAUTHENTICATED or FORBIDDEN, IssuerUnavailable */
  async operator(token: string): Promise<string> {
    const { subject, role } = await this.tokens.verify(token);
    if (role !== 'ops') throw new Refusal('FORBIDDEN', 'This needs a token with the role ops.', { role });
    return subject;
  }

  private identify({ headers }: FastifyRequest): Promise<string> {
    const token =
      headers.authorization === undefined ? tokenInCookie(headers.cookie) : bearer.exec(headers.authorization)?.[1];
    if (!token) throw new Refusal('UNAUTHENTICATED', 'This needs a token with the role ops.');
    return this.operator(token);
  }
}

function refuse(reply: FastifyReply, error: unknown): FastifyReply {
  const answer = problemOf(error, opsProblems);
  if (answer.status === 401) reply.header('www-authenticate', 'Bearer realm="matricula"');
  if (error instanceof IssuerUnavailable) reply.header('retry-after', retryAfterSeconds);
  return reply.status(answer.status).type('application/problem+json').send(answer);
}

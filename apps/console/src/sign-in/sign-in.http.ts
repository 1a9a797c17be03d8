import { Controller, Get, HttpCode, HttpStatus, Logger, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ownPath } from '#http/browser/own-path.js';
import { isSameOrigin } from '#http/browser/same-origin.js';
import { problemOf, retryAfterSeconds } from '#http/problem.js';
import { Refusal } from '#kernel/refusal.js';
import { consoleProblems } from '../console.problems.js';
import { OpenidProvider } from '../provider/openid-provider.js';
import type { Session } from '../session/session.js';
import { Sessions } from '../session/sessions.js';
import { FinishSignIn } from './finish-sign-in.js';
import { MemberPersons } from './member-persons.js';
import { sendFailedSignIn, sendSignedOut } from './sign-in.pages.js';
import { SignInAttempts } from './sign-in-attempts.js';

/** The sign-in itself is no place to return to. */
const signInQuery = z.object({ return_to: ownPath.transform((path) => (path.startsWith('/auth/') ? '/' : path)) });

/** Who is signed in, as the pages show it. */
interface SessionView {
  readonly role: string;
  readonly subject: string;
  readonly name: string;
  /** Of a member: their id as a person. */
  readonly person_id: string | null;
  /** The token is renewed by then, or the session ends. */
  readonly expires_at: string;
}

@Controller('auth')
export class SignInController {
  private readonly logger = new Logger(SignInController.name);

  constructor(
    private readonly provider: OpenidProvider,
    private readonly attempts: SignInAttempts,
    private readonly finish: FinishSignIn,
    private readonly persons: MemberPersons,
    private readonly sessions: Sessions,
  ) {}

  /** Sends the browser to the provider. */
  @Get('sign-in')
  async begin(
    @Query({ schema: signInQuery }) { return_to: returnTo }: z.output<typeof signInQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    try {
      const { url, binding } = await this.provider.begin();
      await this.attempts.add({ ...binding, returnTo }, request, reply);
      reply.header('cache-control', 'no-store').redirect(url.href, HttpStatus.SEE_OTHER);
    } catch (error) {
      this.fail(error, returnTo, request, reply);
    }
  }

  /** The way back from the provider. */
  @Get('callback')
  async complete(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = new URLSearchParams(request.url.split('?')[1]);
    const attempt = await this.attempts.take(answer.get('state'), request, reply);
    try {
      if (!attempt) throw new Refusal('SIGN_IN_BROKEN', 'This sign-in was not begun in this browser, or long ago.');
      await this.sessions.begin(await this.finish.execute(answer, attempt), reply);
      reply.header('cache-control', 'no-store').redirect(attempt.returnTo, HttpStatus.SEE_OTHER);
    } catch (error) {
      this.fail(error, attempt?.returnTo ?? '/', request, reply);
    }
  }

  @Get('session')
  async session(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<SessionView> {
    reply.header('cache-control', 'no-store');
    return viewOf(await this.signedIn(request, reply));
  }

  /** A member has corrected their name: the session takes it from their person. */
  @Post('session')
  @HttpCode(HttpStatus.OK)
  async rename(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<SessionView> {
    if (!isSameOrigin(request.headers)) throw crossSite();
    reply.header('cache-control', 'no-store');
    const session = await this.signedIn(request, reply);
    if (session.personId === null) return viewOf(session);
    const renamed = { ...session, name: await this.persons.nameOf(session.accessToken) };
    await this.sessions.begin(renamed, reply);
    return viewOf(renamed);
  }

  /** Ends the session here and at the provider. A script gets where to send the browser then; a form gets there. */
  @Post('sign-out')
  async end(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { headers } = request;
    if (!isSameOrigin(headers)) throw crossSite();
    const session = await this.sessions.last(request);
    this.sessions.end(reply);
    const next = session ? await this.endAtProvider(session.refreshToken ?? undefined) : '/';
    if (headers.accept?.includes('text/html')) sendSignedOut(reply, next, headers['accept-language']);
    else reply.status(HttpStatus.OK).header('cache-control', 'no-store').send({ next });
  }

  private async signedIn(request: FastifyRequest, reply: FastifyReply): Promise<Session> {
    const session = await this.sessions.of(request, reply);
    if (!session) throw new Refusal('UNAUTHENTICATED', 'Nobody is signed in.');
    return session;
  }

  /** The cookie is removed in any case: without it, nobody acts for the person. */
  private async endAtProvider(refreshToken: string | undefined): Promise<string> {
    try {
      return (await this.provider.end(refreshToken))?.href ?? '/';
    } catch (error) {
      this.logger.warn({ err: error }, 'the provider did not end a session');
      return '/';
    }
  }

  private fail(error: unknown, returnTo: string, request: FastifyRequest, reply: FastifyReply): void {
    const problem = problemOf(error, consoleProblems);
    if (problem.status >= 500) {
      this.logger.warn({ err: error }, 'a sign-in failed');
      reply.header('retry-after', retryAfterSeconds);
    }
    sendFailedSignIn(reply, problem, { returnTo, languages: request.headers['accept-language'] });
  }
}

function viewOf({ role, subject, name, personId, expiresAtMs }: Session): SessionView {
  return { role, subject, name, person_id: personId, expires_at: new Date(expiresAtMs).toISOString() };
}

function crossSite(): Refusal {
  return new Refusal('CROSS_SITE', 'This was not sent by a page of this server.');
}

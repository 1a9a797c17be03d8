import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ConsoleSettings } from '../console.config.js';
import type { Binding } from '../provider/openid-provider.js';
import { CookieSeal } from '../session/cookie-seal.js';
import { ServerCookie } from '../session/cookies.js';

/** A browser that is on its way to the provider and back. */
interface Attempt extends Binding {
  /** Where the browser goes after the sign-in. */
  readonly returnTo: string;
}

const attemptSeconds = 600;
/** A person may sign in from several tabs at once; further ones push out the oldest. */
const attemptsMax = 4;

/**
 * The sign-ins that a browser has begun, in a sealed cookie of that browser. An answer of the provider counts only in
 * the browser that was sent there, and once.
 */
@Injectable()
export class SignInAttempts {
  private readonly cookie: ServerCookie;

  constructor(
    private readonly seal: CookieSeal,
    { publicUrl }: ConsoleSettings,
  ) {
    this.cookie = new ServerCookie('matricula-sign-in', publicUrl);
  }

  async add(attempt: Attempt, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await this.keep([...(await this.of(request)), attempt].slice(-attemptsMax), reply);
  }

  /** The attempt with this state, which is no longer kept; undefined when this browser has none. */
  async take(state: string | null, request: FastifyRequest, reply: FastifyReply): Promise<Attempt | undefined> {
    const attempts = await this.of(request);
    const attempt = attempts.find((one) => one.state === state);
    if (attempt)
      await this.keep(
        attempts.filter((one) => one !== attempt),
        reply,
      );
    return attempt;
  }

  private async of({ headers }: FastifyRequest): Promise<readonly Attempt[]> {
    const text = this.cookie.in(headers.cookie);
    const opened = text === undefined ? undefined : await this.seal.open('sign-in', text);
    return (opened as readonly Attempt[] | undefined) ?? [];
  }

  private async keep(attempts: readonly Attempt[], reply: FastifyReply): Promise<void> {
    const kept = attempts.length > 0;
    const text = kept
      ? this.cookie.set(await this.seal.seal('sign-in', attempts), attemptSeconds)
      : this.cookie.removed;
    reply.header('set-cookie', text);
  }
}

import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import { ConsoleSettings } from '../console.config.js';
import { CookieSeal } from './cookie-seal.js';
import { ServerCookie } from './cookies.js';
import { isDue, type Session, type SignedIn } from './session.js';
import { SessionRenewals } from './session-renewals.js';

const openedMax = 10_000;

/** The session of a request. It is in the browser's cookie and nowhere else. */
@Injectable()
export class Sessions {
  private readonly cookie: ServerCookie;
  /** Opening a cookie costs more than the rest of a relayed request. */
  private readonly opened = new Map<string, Session>();

  constructor(
    private readonly seal: CookieSeal,
    private readonly renewals: SessionRenewals,
    private readonly clock: Clock,
    { publicUrl }: ConsoleSettings,
  ) {
    this.cookie = new ServerCookie('matricula', publicUrl);
  }

  /** Gives the browser its cookie. @throws Refusal SESSION_TOO_LARGE */
  async begin(person: SignedIn, reply: FastifyReply): Promise<void> {
    const session: Session = { ...person, sealedBy: this.renewals.instance };
    reply.header('set-cookie', this.cookie.set(await this.seal.seal('session', session)));
  }

  /**
   * The session of the request's cookie, renewed when it is due; undefined without a cookie. A cookie that gives no
   * session is removed, but for one that another instance has sealed: that one may have renewed it meanwhile, and the
   * browser may have the newer cookie already.
   * @throws Refusal SESSION_INVALID when the cookie was not made here
   * @throws Refusal SESSION_ENDED when the provider has ended the session
   * @throws ProviderUnavailable when the access token has expired and the provider does not answer
   */
  async of({ headers }: FastifyRequest, reply: FastifyReply): Promise<Session | undefined> {
    const text = this.cookie.in(headers.cookie);
    if (text === undefined) return undefined;
    let session: Session | undefined;
    try {
      session = await this.open(text);
      const now = this.clock.now().epochMilliseconds;
      return isDue(session, this.renewals.instance, now) ? await this.renewed(session, now, reply) : session;
    } catch (error) {
      const isOwn = session === undefined || session.sealedBy === this.renewals.instance;
      if (error instanceof Refusal && isOwn) this.end(reply);
      throw error;
    }
  }

  /** The session of a cookie that is about to be removed, due or not; undefined when it gives none. */
  async last({ headers }: FastifyRequest): Promise<Session | undefined> {
    const text = this.cookie.in(headers.cookie);
    return text === undefined ? undefined : this.open(text).catch(() => undefined);
  }

  /** Removes the browser's cookie. */
  end(reply: FastifyReply): void {
    reply.header('set-cookie', this.cookie.removed);
  }

  private async open(text: string): Promise<Session> {
    const known = this.opened.get(text);
    if (known) return known;
    const session = (await this.seal.open('session', text)) as Session | undefined;
    if (!session) throw new Refusal('SESSION_INVALID', 'Your session cannot be read any more. Sign in again.');
    if (this.opened.size >= openedMax) this.opened.delete(this.opened.keys().next().value as string);
    this.opened.set(text, session);
    return session;
  }

  /** While the access token is valid, a renewal that fails ends nothing: another instance may have renewed it. */
  private async renewed(session: Session, nowMs: number, reply: FastifyReply): Promise<Session> {
    try {
      const renewed = await this.renewals.renew(session);
      reply.header('set-cookie', this.cookie.set(renewed.sealed));
      return renewed.session;
    } catch (error) {
      if (nowMs < session.expiresAtMs) return session;
      throw error;
    }
  }
}

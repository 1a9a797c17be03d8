import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { TokenVerifier } from '#identity/verify-token.js';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import { OpenidProvider } from '../provider/openid-provider.js';
import { CookieSeal } from './cookie-seal.js';
import { renewalOf, type Session } from './session.js';

/** A session with new tokens, and its sealed text. */
interface Renewed {
  readonly session: Session;
  readonly sealed: string;
}

/**
 * A provider that gives a new refresh token refuses the old one, and may end the whole session when it sees it again.
 * Requests that a browser sent with the old cookie before it had the new one get the result of the same renewal.
 */
const keptMs = { result: 60_000, failure: 5_000 };

/** Renews sessions: one renewal at a time for each. */
@Injectable()
export class SessionRenewals {
  /** The name of this instance in the sessions that it seals. */
  readonly instance = randomUUID().slice(0, 8);
  private readonly renewals = new Map<string, Promise<Renewed>>();

  constructor(
    private readonly provider: OpenidProvider,
    private readonly tokens: TokenVerifier,
    private readonly seal: CookieSeal,
    private readonly clock: Clock,
  ) {}

  /**
   * The session with new tokens.
   * @throws Refusal SESSION_ENDED; ProviderUnavailable, IssuerUnavailable
   */
  renew(session: Session): Promise<Renewed> {
    const { refreshToken } = session;
    if (refreshToken === null) throw new Refusal('SESSION_ENDED', 'Your session has ended. Sign in again.');
    const running = this.renewals.get(refreshToken);
    if (running) return running;
    const renewal = this.renewWith(refreshToken, session);
    this.renewals.set(refreshToken, renewal);
    const forget = (ms: number) => () => void setTimeout(() => this.renewals.delete(refreshToken), ms).unref();
    renewal.then(forget(keptMs.result), forget(keptMs.failure));
    return renewal;
  }

  private async renewWith(refreshToken: string, session: Session): Promise<Renewed> {
    const tokens = await this.provider.renew(refreshToken);
    const identity = await this.identify(tokens.accessToken);
    if (identity.subject !== session.subject || identity.role !== session.role) {
      throw new Refusal('SESSION_ENDED', 'Your account has changed. Sign in again.');
    }
    const renewed: Session = {
      ...session,
      accessToken: tokens.accessToken,
      refreshToken: tokens.refreshToken ?? null,
      ...renewalOf(identity, this.clock.now().epochMilliseconds),
      sealedBy: this.instance,
    };
    return { session: renewed, sealed: await this.seal.seal('session', renewed) };
  }

  private async identify(accessToken: string) {
    try {
      return await this.tokens.verify(accessToken);
    } catch (error) {
      throw error instanceof Refusal ? new Refusal('SESSION_ENDED', error.message) : error;
    }
  }
}

import { Injectable } from '@nestjs/common';
import type { Identity } from '#identity/claims.js';
import { TokenVerifier } from '#identity/verify-token.js';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import { type Binding, OpenidProvider, type Tokens } from '../provider/openid-provider.js';
import { renewalOf, type SignedIn } from '../session/session.js';
import { MemberPersons, type Profile } from './member-persons.js';

/** Turns an answer of the provider into a session. */
@Injectable()
export class FinishSignIn {
  constructor(
    private readonly provider: OpenidProvider,
    private readonly tokens: TokenVerifier,
    private readonly persons: MemberPersons,
    private readonly clock: Clock,
  ) {}

  /**
   * The session of the person who signed in. Its token is one that the gateway accepts, and a member is registered.
   * @throws Refusal SIGN_IN_DENIED, SIGN_IN_BROKEN, NO_ACCESS, and those of the registration of a person
   * @throws ProviderUnavailable, IssuerUnavailable, GatewayUnavailable
   */
  async execute(answer: URLSearchParams, binding: Binding): Promise<SignedIn> {
    const tokens = await this.provider.finish(answer, binding);
    const identity = await this.identify(tokens.accessToken);
    const profile = profileOf(tokens, identity);
    const member = identity.role === 'member' ? await this.persons.of(tokens.accessToken, profile) : undefined;
    return {
      accessToken: tokens.accessToken,
      refreshToken: tokens.refreshToken ?? null,
      subject: identity.subject,
      role: identity.role,
      name: member?.name ?? profile.name,
      personId: member?.id ?? null,
      ...renewalOf(identity, this.clock.now().epochMilliseconds),
    };
  }

  private async identify(accessToken: string): Promise<Identity> {
    try {
      return await this.tokens.verify(accessToken);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new Refusal('NO_ACCESS', `Your account has no access here. ${error.message}`);
    }
  }
}

function profileOf({ claims }: Tokens, { subject, verifiedEmail }: Identity): Profile {
  const text = (name: string) => {
    const value = claims[name];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  const email = verifiedEmail ?? text('email');
  const username = text('preferred_username');
  return { name: text('name') ?? username ?? email ?? subject, email, username };
}

import { Injectable } from '@nestjs/common';
import { emailAddress, emailKey } from '#contracts/subscriptions/email.js';
import { InvalidInput } from '#http/problem.js';
import { Refusal } from '#kernel/refusal.js';
import type { CallerIdentity } from '../edge/admission/caller.js';
import { GatewaySettings } from '../gateway.config.js';

/** Which e-mail address a person gets. */
@Injectable()
export class MemberEmails {
  constructor(private readonly settings: GatewaySettings) {}

  /**
   * Where the settings name the claim of the address, a member's is the verified one in their token; `stated` may spell
   * it otherwise. Every other address is the stated one, unverified.
   * @throws Refusal EMAIL_NOT_VERIFIED
   * @throws InvalidInput when there is no address
   */
  of({ role, verifiedEmail }: CallerIdentity, stated: string | undefined): { email: string; email_verified: boolean } {
    if (role !== 'member' || this.settings.issuer.emailClaim === undefined) {
      if (stated !== undefined) return { email: stated, email_verified: false };
      throw new InvalidInput([{ field: 'email', code: 'REQUIRED', message: 'This member is required.' }]);
    }
    const { data: email } = emailAddress.safeParse(verifiedEmail);
    if (email === undefined) throw notVerified('Your token has no e-mail address that its issuer verified.');
    if (stated !== undefined && emailKey(stated) !== emailKey(email)) {
      throw notVerified('Your e-mail address is the verified one in your token.');
    }
    return { email, email_verified: true };
  }
}

function notVerified(sentence: string): Refusal {
  return new Refusal('EMAIL_NOT_VERIFIED', sentence, { field: 'email' });
}

import { Module } from '@nestjs/common';
import { TokenVerifier } from '#identity/verify-token.js';
import { Clock } from '#kernel/clock.js';
import { ConsoleSettings } from '../console.config.js';
import { ProviderModule } from '../provider/provider.module.js';
import { CookieSeal } from './cookie-seal.js';
import { SessionRenewals } from './session-renewals.js';
import { Sessions } from './sessions.js';

/** Sessions in sealed cookies, and their renewal. */
@Module({
  imports: [ProviderModule],
  providers: [
    {
      provide: TokenVerifier,
      inject: [ConsoleSettings, Clock],
      useFactory: ({ issuer }: ConsoleSettings, clock: Clock) => new TokenVerifier(issuer, clock),
    },
    CookieSeal,
    SessionRenewals,
    Sessions,
  ],
  exports: [CookieSeal, Sessions, TokenVerifier],
})
export class SessionModule {}

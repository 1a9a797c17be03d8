import { Module } from '@nestjs/common';
import { TokenVerifier } from '#identity/verify-token.js';
import { Clock } from '#kernel/clock.js';
import { OpsSettings } from '../ops.config.js';
import { OperatorsOnly } from './operators-only.js';

/** The check of an operator's token, before every route. */
@Module({
  providers: [
    {
      provide: TokenVerifier,
      inject: [OpsSettings, Clock],
      useFactory: ({ issuer }: OpsSettings, clock: Clock) => new TokenVerifier(issuer, clock),
    },
    OperatorsOnly,
  ],
  exports: [OperatorsOnly],
})
export class AccessModule {}

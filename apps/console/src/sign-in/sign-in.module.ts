import { Module } from '@nestjs/common';
import { ProviderModule } from '../provider/provider.module.js';
import { SessionModule } from '../session/session.module.js';
import { FinishSignIn } from './finish-sign-in.js';
import { MemberPersons } from './member-persons.js';
import { SignInController } from './sign-in.http.js';
import { SignInAttempts } from './sign-in-attempts.js';

/** Signing in and out, and who is signed in. */
@Module({
  imports: [ProviderModule, SessionModule],
  controllers: [SignInController],
  providers: [FinishSignIn, MemberPersons, SignInAttempts],
})
export class SignInModule {}

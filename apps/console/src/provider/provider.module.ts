import { Module } from '@nestjs/common';
import { OpenidProvider } from './openid-provider.js';

/** The OpenID provider at which persons sign in. */
@Module({ providers: [OpenidProvider], exports: [OpenidProvider] })
export class ProviderModule {}

import { type DynamicModule, Module } from '@nestjs/common';
import { OperationsModule } from '#http/operations.module.js';
import { Clock, SystemClock } from '#kernel/clock.js';
import { ConsoleSettings } from './console.config.js';
import { OpenidProvider } from './provider/openid-provider.js';
import { ProviderModule } from './provider/provider.module.js';
import { pingGateway } from './relay/ping-gateway.js';
import { SessionModule } from './session/session.module.js';
import { SettingsModule } from './settings.module.js';
import { SignInModule } from './sign-in/sign-in.module.js';

@Module({})
export class ConsoleModule {
  static with(settings: ConsoleSettings, clock: Clock = new SystemClock()): DynamicModule {
    return {
      module: ConsoleModule,
      imports: [
        SettingsModule.with(settings, clock),
        // The pages say that the API or the provider is away; without this server nobody would.
        OperationsModule.forService({
          imports: [ProviderModule],
          inject: [ConsoleSettings, OpenidProvider],
          indicators: ({ gatewayUrl }: ConsoleSettings, provider: OpenidProvider) => [
            { name: 'gateway', essential: false, check: () => pingGateway(gatewayUrl) },
            { name: 'provider', essential: false, check: () => provider.ping() },
          ],
        }),
        SessionModule,
        SignInModule,
      ],
    };
  }
}

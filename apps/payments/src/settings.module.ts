import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { PaymentsSettings } from './payments.config.js';

/** The settings of the service and its clock, for every feature. */
@Global()
@Module({})
export class SettingsModule {
  static with(settings: PaymentsSettings, clock: Clock): DynamicModule {
    const providers = [
      { provide: PaymentsSettings, useValue: settings },
      { provide: Clock, useValue: clock },
    ];
    return { module: SettingsModule, providers, exports: providers };
  }
}

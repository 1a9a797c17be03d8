import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { NotificationsSettings } from './notifications.config.js';

/** The settings of the service and its clock, for every feature. */
@Global()
@Module({})
export class SettingsModule {
  static with(settings: NotificationsSettings, clock: Clock): DynamicModule {
    const providers = [
      { provide: NotificationsSettings, useValue: settings },
      { provide: Clock, useValue: clock },
    ];
    return { module: SettingsModule, providers, exports: providers };
  }
}

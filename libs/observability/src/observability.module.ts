import { type DynamicModule, type InjectionToken, Module, type ModuleMetadata } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController, INDICATORS, type Indicator, Readiness } from './health.js';
import { MetricsController } from './metrics.js';

export interface ObservabilityOptions {
  /** Modules that provide what `inject` names, unless they are global. */
  readonly imports?: ModuleMetadata['imports'];
  readonly inject?: InjectionToken[];
  /** Makes the indicators of `/health/ready` from what `inject` names. */
  // biome-ignore lint/suspicious/noExplicitAny: the container's tokens do not carry the types of what they stand for
  readonly indicators?: (...injected: any[]) => Indicator[];
}

/** `/health/live`, `/health/ready` and `/metrics` for one service. */
@Module({})
export class ObservabilityModule {
  static forService({ imports = [], inject = [], indicators = () => [] }: ObservabilityOptions): DynamicModule {
    return {
      module: ObservabilityModule,
      imports: [TerminusModule.forRoot({ logger: false }), ...imports],
      controllers: [HealthController, MetricsController],
      providers: [Readiness, { provide: INDICATORS, inject, useFactory: indicators }],
    };
  }
}

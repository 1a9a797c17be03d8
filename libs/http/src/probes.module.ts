import { type DynamicModule, type InjectionToken, Module, type ModuleMetadata } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController, INDICATORS, type Indicator, Readiness } from './health.http.js';
import { MetricsController } from './metrics.http.js';

/** The health indicators of one service. */
export interface ProbesOptions {
  /** Modules that provide what `inject` names, unless they are global. */
  readonly imports?: ModuleMetadata['imports'];
  readonly inject?: InjectionToken[];
  /** Creates the indicators of `/health/ready` from the injected providers. */
  // biome-ignore lint/suspicious/noExplicitAny: the container's tokens do not carry the types of what they stand for
  readonly indicators?: (...injected: any[]) => Indicator[];
}

/** The routes `/health/live`, `/health/ready` and `/metrics` of one service. */
@Module({})
export class ProbesModule {
  static forService({ imports = [], inject = [], indicators = () => [] }: ProbesOptions): DynamicModule {
    return {
      module: ProbesModule,
      imports: [TerminusModule.forRoot({ logger: false }), ...imports],
      controllers: [HealthController, MetricsController],
      providers: [Readiness, { provide: INDICATORS, inject, useFactory: indicators }],
    };
  }
}

import { type DynamicModule, type InjectionToken, Module, type ModuleMetadata } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { OperationsServer } from './operations-server.js';
import { INDICATORS, type Indicator, Readiness } from './readiness.js';

/** The health indicators of one service. */
export interface OperationsOptions {
  /** Modules that provide what `inject` names, unless they are global. */
  readonly imports?: ModuleMetadata['imports'];
  readonly inject?: InjectionToken[];
  /** Creates the indicators of `/health/ready` from the injected providers. */
  // biome-ignore lint/suspicious/noExplicitAny: the container's tokens do not carry the types of what they stand for
  readonly indicators?: (...injected: any[]) => Indicator[];
}

/** The port for operations of one service. `listen` of `http-server.ts` opens it. */
@Module({})
export class OperationsModule {
  static forService({ imports = [], inject = [], indicators = () => [] }: OperationsOptions): DynamicModule {
    return {
      module: OperationsModule,
      imports: [TerminusModule.forRoot({ logger: false }), ...imports],
      providers: [Readiness, OperationsServer, { provide: INDICATORS, inject, useFactory: indicators }],
    };
  }
}

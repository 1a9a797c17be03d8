import { type DynamicModule, Global, Module } from '@nestjs/common';
import { OperationsModule } from '#http/operations.module.js';
import { TokenVerifier } from '#identity/verify-token.js';
import { Clock, SystemClock } from '#kernel/clock.js';
import { Broker } from '#messaging/connection/broker.js';
import { MessagingModule } from '#messaging/nest/messaging.module.js';
import { GatewaySettings } from '../gateway.config.js';
import { Admission } from './admission/admission.js';
import { Authentication } from './admission/authentication.js';
import { Idempotency } from './admission/idempotency.js';
import { MemberPersons } from './admission/member-persons.js';
import { SharedStore } from './admission/shared-store.js';
import { SignedRequests } from './admission/signed-requests.js';
import { StreamTickets } from './admission/stream-tickets.js';
import { RejectUndeclaredInput } from './endpoint/reject-undeclared-input.js';
import { Names } from './services/names.js';
import { Services } from './services/services.js';

/** What every endpoint needs: admission, the shared store in Redis, and requests to the services. */
@Global()
@Module({})
export class EdgeModule {
  static with(settings: GatewaySettings): DynamicModule {
    const store = new SharedStore(settings.redisUrl);
    const clock = new SystemClock();
    return {
      module: EdgeModule,
      imports: [
        MessagingModule.forService({ service: 'gateway', amqpUrl: settings.amqpUrl }),
        OperationsModule.forService({
          inject: [Broker],
          indicators: (broker: Broker) => [
            { name: 'broker', check: () => broker.ping() },
            { name: 'redis', check: () => store.ping() },
          ],
        }),
      ],
      providers: [
        { provide: GatewaySettings, useValue: settings },
        { provide: SharedStore, useValue: store },
        { provide: Clock, useValue: clock },
        { provide: TokenVerifier, useValue: new TokenVerifier(settings.issuer, clock) },
        Authentication,
        Idempotency,
        MemberPersons,
        StreamTickets,
        Admission,
        SignedRequests,
        RejectUndeclaredInput,
        Services,
        Names,
      ],
      exports: [
        GatewaySettings,
        SharedStore,
        Clock,
        Services,
        Names,
        MemberPersons,
        StreamTickets,
        RejectUndeclaredInput,
      ],
    };
  }
}

import {
  type DynamicModule,
  Global,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import { ActionLog } from '../actions/action-log.js';
import { Broker } from '../connection/broker.js';
import { Inbox } from '../consuming/inbox.js';
import { LiveEvents } from '../consuming/live-events.js';
import { MessagingOptions, type MessagingSettings } from '../messaging.options.js';
import { DeadLetters } from '../parking/dead-letters.js';
import { QueueDepths } from '../parking/queue-depths.js';
import { Outbox } from '../publishing/outbox.js';
import { Relay } from '../publishing/relay.js';
import { CommandLog } from '../requests/command-log.js';
import { RpcClient } from '../requests/rpc-client.js';
import { RabbitServer } from './rabbit-server.js';

const parts: Provider[] = [
  ActionLog,
  Broker,
  CommandLog,
  DeadLetters,
  Inbox,
  LiveEvents,
  Outbox,
  QueueDepths,
  RabbitServer,
  RpcClient,
  {
    provide: Relay,
    inject: [Broker, MessagingOptions],
    useFactory: (broker: Broker, options: MessagingOptions) => new Relay(broker.publishing, options),
  },
];

/**
 * All that an app needs to publish and receive events, and to send and answer requests; see this library's README.
 *
 * On shutdown Nest first closes the edges (`RabbitServer` drains), then this module stops the relay and disconnects.
 * Events of the last batches are published by this relay if there is time, otherwise by the next one.
 */
@Global()
@Module({})
export class MessagingModule implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly broker: Broker,
    private readonly relay: Relay,
    private readonly rpc: RpcClient,
    private readonly liveEvents: LiveEvents,
    private readonly deadLetters: DeadLetters,
  ) {}

  /** The app module imports this once; the providers are global. */
  static forService(settings: MessagingSettings): DynamicModule {
    const options = { provide: MessagingOptions, useValue: new MessagingOptions(settings) };
    return { module: MessagingModule, providers: [options, ...parts], exports: [MessagingOptions, ...parts] };
  }

  async onModuleInit(): Promise<void> {
    await this.broker.open();
    this.rpc.open();
  }

  onApplicationBootstrap(): void {
    this.relay.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.relay.stop();
    await Promise.all([this.rpc.close(), this.liveEvents.close(), this.deadLetters.close()]);
    await this.broker.close();
  }
}

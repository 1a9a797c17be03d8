import { type ArgumentsHost, Catch, type ExceptionFilter, type INestApplication, Injectable } from '@nestjs/common';
import { type CustomTransportStrategy, type NestMicroservice, Server } from '@nestjs/microservices';
import { throwError } from 'rxjs';
import { Broker } from '../connection/broker.js';
import { EventConsumer } from '../consuming/event-consumer.js';
import type { BatchHandler } from '../envelope.js';
import { MessagingOptions } from '../messaging.options.js';
import { RequestConsumer } from '../requests/request-consumer.js';
import { batchHandler } from './call-handler.js';

/**
 * How long `listen` waits for the broker. After that the app starts without it, and consumes once the broker is there.
 */
const listenTimeoutMs = 5_000;

/**
 * Nest's transport for this library: controllers receive events with `@EventPattern` and answer requests with
 * `@MessagePattern`. EventConsumer and RequestConsumer say what is guaranteed.
 */
@Injectable()
export class RabbitServer extends Server implements CustomTransportStrategy {
  private events: EventConsumer | undefined;
  private requests: RequestConsumer | undefined;

  constructor(
    private readonly broker: Broker,
    private readonly options: MessagingOptions,
  ) {
    super();
  }

  /** Starts the consumers for which there are handlers. */
  async listen(callback: (error?: unknown) => void): Promise<void> {
    const [onEvent, onRequest] = [this.handlers(true), this.handlers(false)];
    if (onEvent.size > 0) this.events = new EventConsumer(this.broker, this.options, onEvent);
    if (onRequest.size > 0) this.requests = new RequestConsumer(this.broker, this.options, onRequest);
    await Promise.all([this.events?.start(listenTimeoutMs), this.requests?.start(listenTimeoutMs)]);
    callback();
  }

  /** Stops consuming, finishes and acknowledges what has arrived, and closes the channels. */
  async close(): Promise<void> {
    await Promise.all([this.events?.drain(), this.requests?.drain()]);
  }

  on(): never {
    throw new Error('The events of the broker are not offered here; for health checks there is Broker.connected.');
  }

  unwrap<T>(): T {
    return this.broker as T;
  }

  private handlers(ofEvents: boolean): ReadonlyMap<string, BatchHandler> {
    const found = [...this.messageHandlers].filter(([, { isEventHandler = false }]) => isEventHandler === ofEvents);
    return new Map(found.map(([type, handler]) => [type, batchHandler(handler)]));
  }
}

/** Nest replaces unknown errors by "Internal server error". The consumers need the error itself to classify it. */
@Catch()
class KeepTheError implements ExceptionFilter {
  catch(error: unknown, _host: ArgumentsHost) {
    return throwError(() => error);
  }
}

/**
 * Connects the controllers of the app to the broker and starts to consume. Call it once, after the app was created;
 * from then on `app.close()` drains. Filters, pipes, guards and interceptors on controllers and handlers work as usual;
 * the global ones of the app are made for HTTP and do not apply.
 */
export async function listenForMessages(app: INestApplication): Promise<void> {
  await app.init();
  const strategy = app.get(RabbitServer);
  const microservice = app.connectMicroservice({ strategy }, { deferInitialization: true }) as NestMicroservice;
  microservice.useGlobalFilters(new KeepTheError());
  microservice.setIsInitHookCalled(true);
  await microservice.listen();
}

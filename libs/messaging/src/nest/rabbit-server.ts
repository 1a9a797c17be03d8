import { type ArgumentsHost, Catch, type ExceptionFilter, type INestApplication, Injectable } from '@nestjs/common';
import { type CustomTransportStrategy, type NestMicroservice, Server } from '@nestjs/microservices';
import { throwError } from 'rxjs';
import { Broker } from '../connection/broker.js';
import { EventConsumer } from '../consuming/event-consumer.js';
import { MessagingOptions } from '../messaging.options.js';
import { RequestConsumer } from '../requests/request-consumer.js';

/**
 * How long `listen` waits for the broker before it lets the app go on without: consuming starts when the broker is
 * there.
 */
const listenPatienceMs = 5_000;

/**
 * Nest's transport for this library: controllers with `@EventPattern` hear events, with `@MessagePattern` they answer
 * requests. See EventConsumer and RequestConsumer for what is guaranteed.
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

  async listen(callback: (error?: unknown) => void): Promise<void> {
    const handlers = [...this.messageHandlers];
    const hears = new Map(handlers.filter(([, { isEventHandler }]) => isEventHandler));
    const answers = new Map(handlers.filter(([, { isEventHandler }]) => !isEventHandler));
    if (hears.size > 0) this.events = new EventConsumer(this.broker, this.options, hears);
    if (answers.size > 0) this.requests = new RequestConsumer(this.broker, this.options, answers);
    await Promise.all([this.events?.start(listenPatienceMs), this.requests?.start(listenPatienceMs)]);
    callback();
  }

  /** Takes no further messages, finishes those that arrived, acknowledges them and lets go. */
  async close(): Promise<void> {
    await Promise.all([this.events?.drain(), this.requests?.drain()]);
  }

  on(): never {
    throw new Error('The broker’s events are not offered here; health checks ask Broker.connected');
  }

  unwrap<T>(): T {
    return this.broker as T;
  }
}

/** Nest turns unknown errors into "Internal server error"; what becomes of a message depends on the error itself. */
@Catch()
class KeepTheError implements ExceptionFilter {
  catch(error: unknown, _host: ArgumentsHost) {
    return throwError(() => error);
  }
}

/**
 * Connects the app's controllers to the broker and starts to consume. Call it once, after the app was created; from
 * then on `app.close()` drains. Filters, pipes, guards and interceptors on controllers and handlers work as ever; those
 * of the whole app are made for HTTP and stay there.
 */
export async function listenForMessages(app: INestApplication): Promise<void> {
  await app.init();
  const strategy = app.get(RabbitServer);
  const microservice = app.connectMicroservice({ strategy }, { deferInitialization: true }) as NestMicroservice;
  microservice.useGlobalFilters(new KeepTheError());
  microservice.setIsInitHookCalled(true);
  await microservice.listen();
}

import { orderOpened } from '#contracts/subscriptions/orders.js';
import { newId } from '#kernel/ids.js';
import type { Envelope } from '#messaging/envelope.js';
import { command } from '../../../test/support/messages/messages.js';
import { someOrder } from '../../../test/support/messages/order-events.js';
import { answerOf } from '../../../test/support/messages/replies.js';
import { type Instance, ServiceHarness } from '../../../test/support/services/service-harness.js';
import { notificationsDatabase } from '../src/database.js';
import { RecordEvents } from '../src/deliveries/record-events.js';
import { CreateEndpoint } from '../src/endpoints/create-endpoint.js';
import { NotificationsSettings, readNotificationsConfig } from '../src/notifications.config.js';
import { featureModules } from '../src/notifications.module.js';
import { SendDeliveries } from '../src/sending/send-deliveries.js';

export const testSettings = readNotificationsConfig({
  NOTIFICATIONS_DATABASE_URL: 'postgres://none/none',
  REDIS_URL: 'redis://none',
  AMQP_URL: 'amqp://none',
  WEBHOOK_SECRET_KEYS: Buffer.alloc(32, 7).toString('base64'),
  WEBHOOK_PRIVATE_NETWORKS: '127.0.0.0/8',
  WEBHOOK_PLAIN_HTTP: 'true',
  WEBHOOK_FAILURES_MAX: '12',
});

/** A delivery as its row. */
export interface DeliveryRow {
  id: string;
  event_id: string;
  state: string;
  attempts: number;
  due_at: Temporal.Instant;
}

/** One instance of the service without broker and Redis. */
export class NotificationsHarness extends ServiceHarness {
  private constructor(instance: Instance) {
    super(instance);
  }

  /** With a database of its own, or, as a second instance, on that of `other`. */
  static async open(other?: NotificationsHarness): Promise<NotificationsHarness> {
    const parts = {
      service: 'notifications',
      database: notificationsDatabase,
      modules: featureModules,
      settings: { provide: NotificationsSettings, useValue: testSettings },
      others: {},
    } as const;
    return new NotificationsHarness(await ServiceHarness.set(parts, other));
  }

  /** A new endpoint and its secret. */
  async endpoint(url: string, eventTypes: readonly string[] = [orderOpened.type]) {
    const creation = command({ url, description: 'A test', event_types: [...eventTypes] });
    const { endpoint, secret } = answerOf((await this.get(CreateEndpoint).execute([creation]))[0]);
    return { id: endpoint.endpoint_id, secret: secret as string, version: endpoint.version };
  }

  /** An order was opened; the later ones of a subject come after the earlier ones. */
  event(subject: string = newId(), secondsLater = 0): Envelope {
    const id = newId();
    const data = someOrder({ order_id: subject });
    const time = this.clock.now().add({ seconds: secondsLater });
    return {
      id,
      source: 'subscriptions',
      type: orderOpened.type,
      subject,
      time,
      traceparent: undefined,
      correlationId: id,
      causationId: undefined,
      data,
    };
  }

  async record(...events: readonly Envelope[]): Promise<void> {
    await this.get(RecordEvents).execute(events);
  }

  /** Sends what is due, and what becomes due by that, until nothing is under way; a little later. */
  async send(later: Temporal.DurationLike = { seconds: 2 }): Promise<void> {
    this.clock.moveBy(later);
    await this.get(SendDeliveries).execute();
    await this.get(SendDeliveries).idle();
  }

  deliveries(endpointId: string): Promise<DeliveryRow[]> {
    return this.query<DeliveryRow>(
      `select id, event_id, state, attempts, due_at from webhook_delivery where endpoint_id = $1
       order by occurred_at, event_id`,
      [endpointId],
    );
  }
}

import amqp, { type ChannelModel, type ConfirmChannel, type ConsumeMessage } from 'amqplib';
import type { z } from 'zod';
import { events, requests } from '#contracts/catalogue.js';
import type { EventContract, Service } from '#contracts/contract.js';
import { newId } from '#kernel/ids.js';
import {
  declareEverything,
  eventsExchange,
  parkedQueue,
  routingKey,
  serviceQueue,
} from '#messaging/connection/topology.js';
import { cloudEventsContentType, type Envelope, encodeEnvelope, readEnvelope } from '#messaging/envelope.js';
import { unpack } from '#messaging/publishing/packing.js';
import { testBrokerUrl, testBrokerUser } from '../servers/test-broker.js';

/** Whether one message is delivered again, or the same content in a message of its own. */
interface Repeats {
  readonly times?: number;
  /** Taken in turn. */
  readonly ids?: readonly string[];
}

/**
 * A client of the broker beside the services: publishes events as the relay of their producer would, and receives
 * events.
 */
export class BrokerProbe {
  private constructor(
    private readonly connection: ChannelModel,
    readonly channel: ConfirmChannel,
    private readonly now: () => Temporal.Instant,
  ) {}

  /** Every queue of a service is there from then on, whether or not the service ever ran. */
  static async arrive(now: () => Temporal.Instant): Promise<BrokerProbe> {
    const connection = await amqp.connect(testBrokerUrl());
    const channel = await connection.createConfirmChannel();
    await declareEverything(channel, { events, requests });
    return new BrokerProbe(connection, channel, now);
  }

  /** What one suite published must not reach another suite. */
  async empty(service: Service): Promise<void> {
    for (const queue of [serviceQueue(service), parkedQueue(service)]) await this.channel.purgeQueue(queue);
  }

  /** At the broker in the order of the calls, whether or not they are waited for. */
  async publish<Data extends z.ZodType>(
    { producer, type }: EventContract<Data>,
    subject: string,
    data: z.input<Data>,
    { times = 1, ids = [newId()] }: Repeats = {},
  ): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      const messageId = ids[time % ids.length] as string;
      const content = encodeEnvelope({
        messageId,
        source: producer,
        type,
        subject,
        time: this.now().toString(),
        traceparent: null,
        correlationId: subject,
        causationId: null,
        data: JSON.stringify(data),
      });
      const userId = testBrokerUser();
      const properties = { contentType: cloudEventsContentType, persistent: true, messageId, type, userId };
      this.channel.publish(eventsExchange, routingKey(type, subject), content, properties);
    }
    await this.channel.waitForConfirms();
  }

  /** All events of these types that are published from now on. */
  async subscribe(...types: readonly string[]): Promise<Envelope[]> {
    const { queue } = await this.channel.assertQueue('', { exclusive: true, autoDelete: true });
    for (const type of types) await this.channel.bindQueue(queue, eventsExchange, `${type}.#`);
    const received: Envelope[] = [];
    const receive = (message: ConsumeMessage | null) => {
      if (message) received.push(...unpack(message).map(({ event }) => readEnvelope(event)));
    };
    await this.channel.consume(queue, receive, { noAck: true });
    return received;
  }

  async leave(): Promise<void> {
    await this.connection.close();
  }
}

import { Injectable } from '@nestjs/common';
import type { Channel } from 'amqplib';
import { Broker } from '../connection/broker.js';
import {
  consumersOf,
  declareRetryQueues,
  declareTopology,
  parkedQueue,
  requestQueue,
  retryQueue,
  serviceQueue,
  unroutableQueue,
} from '../connection/topology.js';
import { MessagingOptions } from '../messaging.options.js';

/** AMQP's NOT_FOUND. */
const missing = 404;

export interface QueueDepth {
  readonly queue: string;
  /** Messages that are ready. Messages that a consumer has not acknowledged yet are not counted. */
  readonly messages: number;
  readonly consumers: number;
}

/** The depths of all queues, for the operators' page. */
@Injectable()
export class QueueDepths {
  constructor(
    private readonly broker: Broker,
    private readonly options: MessagingOptions,
  ) {}

  /**
   * The queues of all services that receive events, with their retry and parked queues, the unroutable queue, and the
   * request queues of all services that answer requests. @throws BrokerUnavailable
   */
  async read(): Promise<QueueDepth[]> {
    const { accounts, catalogue, retryDelaysMs } = this.options;
    const tiers = retryDelaysMs.length;
    const services = consumersOf(catalogue);
    const pauses = (service: string) => retryDelaysMs.map((_, index) => retryQueue(service, index + 1));
    const queues = services.flatMap((service) => [serviceQueue(service), ...pauses(service), parkedQueue(service)]);
    const depths = await this.broker.consuming.withChannel(async (channel) => {
      await declareTopology(channel, this.options);
      // With a user of its own, ops declares nothing: the broker's definitions have these queues.
      if (!accounts.areSeparate) for (const service of services) await declareRetryQueues(channel, service, tiers);
      const found: QueueDepth[] = [];
      for (const queue of [...queues, unroutableQueue]) found.push(await depthOf(channel, queue));
      return found;
    });
    const answering = [...new Set(catalogue.requests.map(({ service }) => service))].sort();
    for (const service of answering) depths.push(await this.requestsOf(service));
    return depths;
  }

  /**
   * Not declared here: the queue exists while an instance runs, and without one requests would wait in it. A check of a
   * missing queue closes the channel, so each check has a channel of its own.
   */
  private async requestsOf(service: string): Promise<QueueDepth> {
    const queue = requestQueue(service);
    try {
      return await this.broker.consuming.withChannel((channel) => depthOf(channel, queue));
    } catch (error) {
      if (((error as Error).cause as { code?: unknown } | undefined)?.code !== missing) throw error;
      return { queue, messages: 0, consumers: 0 };
    }
  }
}

async function depthOf(channel: Channel, queue: string): Promise<QueueDepth> {
  const { messageCount, consumerCount } = await channel.checkQueue(queue);
  return { queue, messages: messageCount, consumers: consumerCount };
}

import { Injectable } from '@nestjs/common';
import type { Channel } from 'amqplib';
import { Broker } from '../connection/broker.js';
import {
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
  /** Messages that are ready; those that a consumer has taken and not yet acknowledged are not counted. */
  readonly messages: number;
  readonly consumers: number;
}

/** How much waits where, for the page of the operators. */
@Injectable()
export class QueueDepths {
  constructor(
    private readonly broker: Broker,
    private readonly options: MessagingOptions,
  ) {}

  /**
   * The queues of all services that listen to events, those of their pauses too, the unroutable one, and the requests
   * of all services that answer any. @throws BrokerAway
   */
  async read(): Promise<QueueDepth[]> {
    const { catalogue, retryDelaysMs } = this.options;
    const tiers = retryDelaysMs.length;
    const services = [...new Set(catalogue.events.flatMap(({ consumers }) => consumers))].sort();
    const pauses = (service: string) => retryDelaysMs.map((_, index) => retryQueue(service, index + 1));
    const queues = services.flatMap((service) => [serviceQueue(service), ...pauses(service), parkedQueue(service)]);
    const depths = await this.broker.consuming.withChannel(async (channel) => {
      await declareTopology(channel, catalogue);
      for (const service of services) await declareRetryQueues(channel, service, tiers);
      const found: QueueDepth[] = [];
      for (const queue of [...queues, unroutableQueue]) found.push(await depthOf(channel, queue));
      return found;
    });
    const answering = [...new Set(catalogue.requests.map(({ service }) => service))].sort();
    for (const service of answering) depths.push(await this.requestsOf(service));
    return depths;
  }

  /**
   * Not declared: it exists while an instance is there, and to make it would let requests wait for nobody. Asking for
   * one that is missing closes the channel, so each is asked for on its own.
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

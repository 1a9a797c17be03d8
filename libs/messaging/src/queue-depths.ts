import { Injectable } from '@nestjs/common';
import { Broker } from './broker.js';
import { MessagingOptions } from './messaging.options.js';
import {
  declareRetryQueues,
  declareTopology,
  parkedQueue,
  retryQueue,
  serviceQueue,
  unroutableQueue,
} from './topology.js';

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

  /** The queues of all services that listen to facts, those of their pauses too, and the unroutable one. @throws BrokerAway */
  read(): Promise<QueueDepth[]> {
    const { catalogue, retryDelaysMs } = this.options;
    const tiers = retryDelaysMs.length;
    const services = [...new Set(catalogue.facts.flatMap(({ consumers }) => consumers))].sort();
    const pauses = (service: string) => retryDelaysMs.map((_, index) => retryQueue(service, index + 1));
    const queues = services.flatMap((service) => [serviceQueue(service), ...pauses(service), parkedQueue(service)]);
    return this.broker.consuming.withChannel(async (channel) => {
      await declareTopology(channel, catalogue);
      for (const service of services) await declareRetryQueues(channel, service, tiers);
      const depths: QueueDepth[] = [];
      for (const queue of [...queues, unroutableQueue]) {
        const { messageCount, consumerCount } = await channel.checkQueue(queue);
        depths.push({ queue, messages: messageCount, consumers: consumerCount });
      }
      return depths;
    });
  }
}

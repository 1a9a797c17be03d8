import { Injectable } from '@nestjs/common';
import { Broker } from './broker.js';
import { MessagingOptions } from './messaging.options.js';
import { declareTopology, parkedQueue, serviceQueue, unroutableQueue } from './topology.js';

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

  /** The queues of all services that listen to facts, and the unroutable one. @throws BrokerAway */
  read(): Promise<QueueDepth[]> {
    const { catalogue } = this.options;
    const services = [...new Set(catalogue.facts.flatMap(({ consumers }) => consumers))].sort();
    const queues = [...services.flatMap((service) => [serviceQueue(service), parkedQueue(service)]), unroutableQueue];
    return this.broker.consuming.withChannel(async (channel) => {
      await declareTopology(channel, catalogue);
      const depths: QueueDepth[] = [];
      for (const queue of queues) {
        const { messageCount, consumerCount } = await channel.checkQueue(queue);
        depths.push({ queue, messages: messageCount, consumers: consumerCount });
      }
      return depths;
    });
  }
}

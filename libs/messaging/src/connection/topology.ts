import type { Channel } from 'amqplib';
import type { Catalogue } from '../messaging.options.js';

/** The one exchange of all events. Routing key: `<type>.<subject>`. */
export const eventsExchange = 'matricula.events';

/** Events that have no contract and no bound queue: a bug. Operators see them here, and they block no other event. */
export const unroutableQueue = 'matricula.unroutable';

/** The queue of the events that `service` receives. */
export const serviceQueue = (service: string) => service;
/** The queue of the events that `service` could not handle. */
export const parkedQueue = (service: string) => `${service}.parked`;
/** One queue per pause: a message with a long pause at the head of a common queue would delay those behind it. */
export const retryQueue = (service: string, tier: number) => `${service}.retry.${tier}`;
/** Whether `queue` is a retry queue. It has no consumer: its messages return to the service queue by themselves. */
export const isRetryQueue = (queue: string) => /\.retry\.\d+$/.test(queue);
/** The queue of the requests to `service`. */
export const requestQueue = (service: string) => `${service}.requests`;

/** The routing key of one event. */
export const routingKey = (type: string, subject: string) => `${type}.${subject}`;
/** Stands in place of the subject in the routing key of a message with several events. */
export const packedSubject = 'batch';
/**
 * The routing key of an event whose type has no contract in this version. It reaches the services that are bound to the
 * type, and no live stream: the broker would count a live stream as a route.
 */
export const boundConsumersKey = (type: string) => `${type}.for.consumers`;
/** The binding for the events of one subject and any type. A type has three parts, `<service>.<name>.<version>`. */
export const subjectKey = (subject: string) => `*.*.*.${subject}`;

/**
 * Quorum queues, because their messages were confirmed and must survive the loss of a node. The delivery limit is never
 * reached: this library counts crashes itself, because the broker counts a crash against every prefetched message.
 * Without a limit RabbitMQ 4 would drop messages after 20. At-least-once dead-lettering needs `reject-publish`.
 */
const durable = { 'x-queue-type': 'quorum', 'x-delivery-limit': 1_000_000, 'x-overflow': 'reject-publish' };

const deadLettersTo = (queue: string) => ({
  'x-dead-letter-strategy': 'at-least-once',
  'x-dead-letter-exchange': '',
  'x-dead-letter-routing-key': queue,
});

/** After this long without an instance, requests to a service are returned at once instead of timing out. */
const requestQueueExpiresMs = 10_000;

/**
 * Declares the exchange, and for every consumer in the catalogue its queue, its parked queue and its bindings. Every
 * service declares all of them, so that an event which is published before its consumer ever ran waits in the
 * consumer's queue. Declaring what exists changes nothing.
 */
export async function declareTopology(channel: Channel, { events }: Catalogue): Promise<void> {
  await channel.assertExchange(eventsExchange, 'topic', { durable: true });
  await channel.assertQueue(unroutableQueue, { durable: true, arguments: durable });
  for (const service of new Set(events.flatMap(({ consumers }) => consumers)))
    await declareServiceQueue(channel, service);
  for (const { type, consumers } of events) {
    for (const service of consumers) {
      await channel.bindQueue(serviceQueue(service), eventsExchange, routingKey(type, '#'));
    }
  }
}

async function declareServiceQueue(channel: Channel, service: string): Promise<void> {
  await channel.assertQueue(parkedQueue(service), { durable: true, arguments: durable });
  await channel.assertQueue(serviceQueue(service), {
    durable: true,
    arguments: { ...durable, ...deadLettersTo(parkedQueue(service)) },
  });
}

/**
 * Declares the retry queues of `service`. A message waits there until its expiration, then returns to the service
 * queue.
 */
export async function declareRetryQueues(channel: Channel, service: string, tiers: number): Promise<void> {
  for (let tier = 1; tier <= tiers; tier++) {
    await channel.assertQueue(retryQueue(service, tier), {
      durable: true,
      arguments: { ...durable, ...deadLettersTo(serviceQueue(service)) },
    });
  }
}

/**
 * Declares the queue of requests: a quorum queue, although a request is worthless after its deadline. A classic queue
 * lives on one node, and while that node is down the queue can be neither used nor declared. (A queue that is not
 * durable would be declared on another node; RabbitMQ 4.3 refuses such queues.)
 */
export async function declareRequestQueue(channel: Channel, service: string): Promise<void> {
  const { 'x-overflow': _, ...quorum } = durable;
  await channel.assertQueue(requestQueue(service), {
    durable: true,
    expires: requestQueueExpiresMs,
    arguments: quorum,
  });
}

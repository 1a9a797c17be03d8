import type { Channel } from 'amqplib';
import type { Catalogue } from '../messaging.options.js';

/** The one exchange of all events. Routing key: `<type>.<subject>`. */
export const eventsExchange = 'matricula.events';

/**
 * Events in an outbox that no contract knows and nobody listens to: a bug, kept for operators to see, out of the way of
 * the others.
 */
export const unroutableQueue = 'matricula.unroutable';

export const serviceQueue = (service: string) => service;
export const parkedQueue = (service: string) => `${service}.parked`;
/** One queue per pause: in one queue a long pause at the head would hold up the short ones behind it. */
export const retryQueue = (service: string, tier: number) => `${service}.retry.${tier}`;
/** Nobody consumes these: what waits there goes back by itself. */
export const isRetryQueue = (queue: string) => /\.retry\.\d+$/.test(queue);
export const requestQueue = (service: string) => `${service}.requests`;
/** Where the version before sends requests; consumed as well, so that both may run side by side. */
export const formerRequestQueue = (service: string) => `${service}.rpc`;

export const routingKey = (type: string, subject: string) => `${type}.${subject}`;
/** Instead of one subject, for a message that carries events of many. */
export const packedSubject = 'batch';
/**
 * For a event whose consumers the teller does not know: it reaches those who are bound to its type, and no live stream,
 * which would make it count as routed.
 */
export const consumersKey = (type: string) => `${type}.for.consumers`;
/** The events of one subject, whatever their type: those have three parts, `<service>.<name>.<version>`. */
export const subjectKey = (subject: string) => `*.*.*.${subject}`;

/**
 * Quorum queues, because what is in them was confirmed and must survive. The delivery limit is far away: counting is
 * ours to do (a crash counts against everything that was prefetched, the innocent too), and without a limit of its own
 * RabbitMQ 4 would drop after 20. `reject-publish` is what at-least-once dead-lettering needs.
 */
const durable = { 'x-queue-type': 'quorum', 'x-delivery-limit': 1_000_000, 'x-overflow': 'reject-publish' };

const deadLettersTo = (queue: string) => ({
  'x-dead-letter-strategy': 'at-least-once',
  'x-dead-letter-exchange': '',
  'x-dead-letter-routing-key': queue,
});

/** After this long without a single instance, requests to a service are returned at once instead of timing out. */
const requestQueueExpiresMs = 10_000;

/**
 * Declares the exchange, and for every consumer in the catalogue its queue, its parked queue and its bindings. Every
 * service declares all of it, so that a event told before its consumer ever ran waits in that consumer's queue.
 * Declaring what exists already changes nothing.
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
 * Where messages of `service` sit out a pause; each has its own expiration and then goes back to the service's queue.
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
 * Requests are worth nothing after their deadline, and yet they are in a quorum queue. A classic one lives on one node:
 * while that is down the queue can neither be used nor declared, and the service answers nobody. (Queues that are not
 * durable would be made anew elsewhere; RabbitMQ 4.3 refuses them.)
 */
export async function declareRequestQueue(channel: Channel, service: string): Promise<void> {
  const { 'x-overflow': _, ...quorum } = durable;
  await channel.assertQueue(requestQueue(service), {
    durable: true,
    expires: requestQueueExpiresMs,
    arguments: quorum,
  });
}

export async function declareFormerRequestQueue(channel: Channel, service: string): Promise<void> {
  await channel.assertQueue(formerRequestQueue(service), { durable: true, expires: requestQueueExpiresMs });
}

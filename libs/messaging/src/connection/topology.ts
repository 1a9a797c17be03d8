import type { Channel } from 'amqplib';
import type { Service } from '#contracts/contract.js';
import type { Catalogue, MessagingOptions } from '../messaging.options.js';

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
/** The queue of one process of `service` that watches live events. */
export const liveQueue = (service: string, process: string) => `${service}.live.${process}`;

/** The routing key of one event. */
export const routingKey = (type: string, subject: string) => `${type}.${subject}`;
/** The binding for all events of one type, packed or not. */
export const typeKey = (type: string) => `${type}.#`;
/** Stands in place of the subject in the routing key of a message with several events. */
export const packedSubject = 'batch';
const boundConsumersSuffix = '.for.consumers';
/**
 * The routing key of an event whose type has no contract in this version. It reaches the services that are bound to the
 * type, and no live stream: the broker would count a live stream as a route.
 */
export const boundConsumersKey = (type: string) => `${type}${boundConsumersSuffix}`;
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

/** A durable queue of the topology. */
export interface QueuePlan {
  readonly queue: string;
  readonly arguments: Readonly<Record<string, string | number>>;
}

/** Where a queue receives events from `eventsExchange`. */
export interface BindingPlan {
  readonly queue: string;
  readonly key: string;
}

/** For events that reach no queue. */
export const unroutablePlan: QueuePlan = { queue: unroutableQueue, arguments: durable };

/** The queues of a service that receives events. */
export function eventQueuesOf(service: string): readonly QueuePlan[] {
  const parked = parkedQueue(service);
  return [
    { queue: parked, arguments: durable },
    { queue: serviceQueue(service), arguments: { ...durable, ...deadLettersTo(parked) } },
  ];
}

/** A message waits in a retry queue until its expiration, then returns to the service queue. */
export function retryQueuesOf(service: string, tiers: number): readonly QueuePlan[] {
  const returning = { ...durable, ...deadLettersTo(serviceQueue(service)) };
  return Array.from({ length: tiers }, (_, index) => ({
    queue: retryQueue(service, index + 1),
    arguments: returning,
  }));
}

/** Every service that receives events. */
export function consumersOf({ events }: Catalogue): readonly Service[] {
  return [...new Set(events.flatMap(({ consumers }) => consumers))].sort();
}

/** The bindings of one service. */
export function bindingsOf({ events }: Catalogue, service: Service): readonly BindingPlan[] {
  const received = events.filter(({ consumers }) => consumers.includes(service));
  return received.map(({ type }) => ({ queue: serviceQueue(service), key: typeKey(type) }));
}

/**
 * Declares what a service may declare. Where the services share one user that is everything: an event which is
 * published before its consumer ever ran waits in the consumer's queue. Where each has a user of its own, that is the
 * service's own queues and bindings; the rest stands in the broker's definitions (`broker-definitions.ts`). Declaring
 * what exists changes nothing.
 */
export async function declareTopology(
  channel: Channel,
  { catalogue, accounts, service }: Pick<MessagingOptions, 'catalogue' | 'accounts' | 'service'>,
): Promise<void> {
  if (!accounts.areSeparate) return declareEverything(channel, catalogue);
  if (consumersOf(catalogue).includes(service)) await declareConsumer(channel, catalogue, service);
}

/** The whole topology, for a user who may declare all of it. */
export async function declareEverything(channel: Channel, catalogue: Catalogue): Promise<void> {
  await channel.assertExchange(eventsExchange, 'topic', { durable: true });
  await declareQueues(channel, [unroutablePlan]);
  for (const service of consumersOf(catalogue)) await declareConsumer(channel, catalogue, service);
}

async function declareConsumer(channel: Channel, catalogue: Catalogue, service: Service): Promise<void> {
  await declareQueues(channel, eventQueuesOf(service));
  for (const { queue, key } of bindingsOf(catalogue, service)) await channel.bindQueue(queue, eventsExchange, key);
}

/** Declares the retry queues of `service`. */
export function declareRetryQueues(channel: Channel, service: string, tiers: number): Promise<void> {
  return declareQueues(channel, retryQueuesOf(service, tiers));
}

async function declareQueues(channel: Channel, plans: readonly QueuePlan[]): Promise<void> {
  for (const plan of plans) await channel.assertQueue(plan.queue, { durable: true, arguments: plan.arguments });
}

/**
 * Fails, and closes the channel, while a consumer of the service's events has no queue: an event that is published then
 * would reach its other consumers only.
 */
export async function checkConsumers(
  channel: Channel,
  { catalogue, service }: Pick<MessagingOptions, 'catalogue' | 'service'>,
): Promise<void> {
  const published = catalogue.events.filter(({ producer }) => producer === service);
  for (const consumer of new Set(published.flatMap(({ consumers }) => consumers)))
    await channel.checkQueue(serviceQueue(consumer));
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

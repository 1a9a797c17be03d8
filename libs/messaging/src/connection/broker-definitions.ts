import { createHash, randomBytes } from 'node:crypto';
import type { Service } from '#contracts/contract.js';
import { userOf } from '../broker-accounts.js';
import type { Catalogue } from '../messaging.options.js';
import {
  bindingsOf,
  boundConsumersKey,
  consumersOf,
  eventQueuesOf,
  eventsExchange,
  liveQueue,
  parkedQueue,
  retryQueuesOf,
  serviceQueue,
  subjectKey,
  unroutablePlan,
  unroutableQueue,
} from './topology.js';

/** The AMQP URL of each service, with its user, its password and the virtual host of all. */
export type BrokerUrls = Readonly<Record<Service, string>>;

interface Rights {
  readonly configure: readonly string[];
  readonly write: readonly string[];
  readonly read: readonly string[];
  /** Routing keys on the exchange of events: what may be published, and what may be bound. */
  readonly topics: { readonly write: readonly string[]; readonly read: readonly string[] };
}

/** The name that permissions have for the default exchange, which routes requests, replies and parked messages. */
const defaultExchange = 'amq.default';

/**
 * RabbitMQ's definitions of all users with their permissions, and of the whole topology: what `rabbitmqctl
 * import_definitions` and `load_definitions` read. This is the one statement of what each service may do at the broker.
 *
 * A service declares, binds, reads and empties its own queues; it publishes its own event types, binds the types that
 * it consumes, and sends requests, replies and parked messages through the default exchange. Ops reads parked messages
 * of all and sends them back.
 */
export function brokerDefinitions(urls: BrokerUrls, catalogue: Catalogue, retryTiers: number): object {
  const services = Object.keys(urls) as Service[];
  const vhost = vhostOf(urls[services[0] as Service]);
  const consumers = consumersOf(catalogue);
  const queues = [
    unroutablePlan,
    ...consumers.flatMap((service) => [...eventQueuesOf(service), ...retryQueuesOf(service, retryTiers)]),
  ];
  const rights = services.map((service) => ({ user: userOf(urls[service]), ...rightsOf(service, catalogue) }));
  return {
    vhosts: [{ name: vhost }],
    users: services.map((service) => userDefinition(urls[service])),
    permissions: rights.map(({ user, configure, write, read }) => ({
      user,
      vhost,
      configure: anyOf(configure),
      write: anyOf(write),
      read: anyOf(read),
    })),
    topic_permissions: rights.map(({ user, topics }) => ({
      user,
      vhost,
      exchange: eventsExchange,
      write: anyOf(topics.write),
      read: anyOf(topics.read),
    })),
    exchanges: [
      { name: eventsExchange, vhost, type: 'topic', durable: true, auto_delete: false, internal: false, arguments: {} },
    ],
    queues: queues.map(({ queue, arguments: given }) => ({
      name: queue,
      vhost,
      durable: true,
      auto_delete: false,
      arguments: given,
    })),
    bindings: consumers.flatMap((service) =>
      bindingsOf(catalogue, service).map(({ queue, key }) => ({
        source: eventsExchange,
        vhost,
        destination: queue,
        destination_type: 'queue',
        routing_key: key,
        arguments: {},
      })),
    ),
  };
}

function rightsOf(service: Service, catalogue: Catalogue): Rights {
  if (service === 'ops') return operatorsRights(catalogue);
  const own = [exactly(serviceQueue(service)), beginning(`${service}.`)];
  const consumed = bindingsOf(catalogue, service).map(({ key }) => exactly(key));
  const publishes = catalogue.events.some(({ producer }) => producer === service);
  // The gateway streams events of any type to the persons in them.
  const watches = service === 'gateway';
  return {
    configure: watches ? [beginning(liveQueue(service, ''))] : own,
    write: [...own, exactly(defaultExchange), ...(publishes ? [exactly(eventsExchange)] : [])],
    read: [...own, ...(watches || consumed.length > 0 ? [exactly(eventsExchange)] : [])],
    topics: {
      write: publishes ? [beginning(`${service}.`)] : [],
      read: watches ? [beginning(subjectKey(''))] : consumed,
    },
  };
}

function operatorsRights(catalogue: Catalogue): Rights {
  const places = [...consumersOf(catalogue).map((service) => parkedQueue(service)), unroutableQueue];
  return {
    configure: [],
    write: [exactly(defaultExchange), exactly(eventsExchange)],
    read: places.map(exactly),
    topics: { write: [`${escaped(boundConsumersKey(''))}$`], read: [] },
  };
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
const exactly = (text: string) => `^${escaped(text)}$`;
const beginning = (text: string) => `^${escaped(text)}`;
/** RabbitMQ takes the empty pattern for "nothing". */
const anyOf = (patterns: readonly string[]) => patterns.join('|');

function vhostOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1)) || '/';
}

/** As `rabbitmqctl hash_password` hashes: four bytes of salt, then SHA-256 of salt and password. */
function userDefinition(url: string): object {
  const salt = randomBytes(4);
  const password = decodeURIComponent(new URL(url).password);
  const digest = createHash('sha256').update(salt).update(password).digest();
  return {
    name: userOf(url),
    password_hash: Buffer.concat([salt, digest]).toString('base64'),
    hashing_algorithm: 'rabbit_password_hashing_sha256',
    tags: '',
  };
}

import type { Service } from '#contracts/contract.js';

/** Who a connection without a user name is, by AMQP's URI specification. */
const defaultUser = 'guest';

/** The user in an AMQP URL. */
export function userOf(amqpUrl: string): string {
  return decodeURIComponent(new URL(amqpUrl).username) || defaultUser;
}

/** Whether the user in an AMQP URL bears the name of `service`, so that messages show which service published them. */
export function isOwnUser(amqpUrl: string, service: Service): boolean {
  return new RegExp(`(^|[^a-z])${service}$`).test(userOf(amqpUrl));
}

/**
 * The broker's users of all services, as one service derives them from its own: `matricula-payments` is payments where
 * `matricula-subscriptions` is subscriptions. A user that does not bear the name of its service is that of all services
 * (for development and tests): then the publishers of messages cannot be distinguished.
 */
export class BrokerAccounts {
  readonly own: string;
  /** Whether each service has a user of its own. Only then does a service declare nothing but its own queues. */
  readonly areSeparate: boolean;
  private readonly prefix: string;

  constructor(amqpUrl: string, service: Service) {
    this.own = userOf(amqpUrl);
    this.areSeparate = isOwnUser(amqpUrl, service);
    this.prefix = this.own.slice(0, -service.length);
  }

  /** The user who publishes for `service`. */
  of(service: Service): string {
    return this.areSeparate ? `${this.prefix}${service}` : this.own;
  }
}

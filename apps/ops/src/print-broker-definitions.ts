import { z } from 'zod';
import { events, requests } from '#contracts/catalogue.js';
import type { Service } from '#contracts/contract.js';
import { readConfig } from '#kernel/config.js';
import { isOwnUser } from '#messaging/broker-accounts.js';
import { type BrokerUrls, brokerDefinitions } from '#messaging/connection/broker-definitions.js';
import { retryDelaysMs } from '#messaging/messaging.options.js';

/**
 * Prints the broker's definitions, for `rabbitmqctl import_definitions` or `load_definitions`: users, permissions and
 * queues. Users and passwords are those in the `<SERVICE>_AMQP_URL`s.
 */
const url = (service: Service) =>
  z.url().refine((given) => isOwnUser(given, service), { error: `needs a user whose name ends in ${service}` });
const given = readConfig(
  z.object({
    GATEWAY_AMQP_URL: url('gateway'),
    SUBSCRIPTIONS_AMQP_URL: url('subscriptions'),
    PAYMENTS_AMQP_URL: url('payments'),
    PROMOTIONS_AMQP_URL: url('promotions'),
    NOTIFICATIONS_AMQP_URL: url('notifications'),
    OPS_AMQP_URL: url('ops'),
  }),
  process.env,
);
const urls: BrokerUrls = {
  gateway: given.GATEWAY_AMQP_URL,
  subscriptions: given.SUBSCRIPTIONS_AMQP_URL,
  payments: given.PAYMENTS_AMQP_URL,
  promotions: given.PROMOTIONS_AMQP_URL,
  notifications: given.NOTIFICATIONS_AMQP_URL,
  ops: given.OPS_AMQP_URL,
};
console.log(JSON.stringify(brokerDefinitions(urls, { events, requests }, retryDelaysMs.length), null, 2));

import { userOf } from '#messaging/broker-accounts.js';
import { serverUrl, workerId } from './test-server.js';

/** The AMQP address of this jest worker's own vhost, `test-1` and on. */
export function testBrokerUrl(): string {
  const url = serverUrl('AMQP_URL');
  url.pathname = `/test-${workerId()}`;
  return url.href;
}

/** The one user of all services there: the publisher of every message. */
export function testBrokerUser(): string {
  return userOf(testBrokerUrl());
}

import { describe, expect, it } from '@jest/globals';
import type { MessageProperties } from 'amqplib';
import { events, requests } from '#contracts/catalogue.js';
import type { Service } from '#contracts/contract.js';
import { BrokerAccounts } from './broker-accounts.js';
import { type BrokerUrls, brokerDefinitions } from './connection/broker-definitions.js';
import { firstPublisher, firstPublisherHeader, withFirstPublisher } from './connection/publisher-identity.js';

const services: readonly Service[] = ['gateway', 'subscriptions', 'payments', 'promotions', 'notifications', 'ops'];

describe('the broker’s users of the services', () => {
  it('are derived from one of them', () => {
    const accounts = new BrokerAccounts('amqp://school%2Dpayments:p@broker/vhost', 'payments');
    expect(accounts.areSeparate).toBe(true);
    expect(services.map((service) => accounts.of(service))).toEqual(services.map((service) => `school-${service}`));
    expect(new BrokerAccounts('amqps://payments@broker', 'payments').of('gateway')).toBe('gateway');
  });

  it.each(['amqp://broker', 'amqp://everybody@broker', 'amqp://nonpayments@broker', 'amqp://payments2@broker'])(
    'are one where the user does not bear the name of the service: %s',
    (url) => {
      const accounts = new BrokerAccounts(url, 'payments');
      expect(accounts.areSeparate).toBe(false);
      expect(accounts.of('gateway')).toBe(accounts.of('payments'));
    },
  );
});

describe('the first publisher of a message', () => {
  const accounts = new BrokerAccounts('amqp://m-subscriptions@broker', 'subscriptions');
  const message = (userId: string | undefined, named?: string) => ({
    properties: {
      userId,
      headers: named === undefined ? undefined : { [firstPublisherHeader]: named },
    } as MessageProperties,
  });

  it.each([
    ['m-payments', undefined, 'm-payments'],
    ['m-payments', 'm-promotions', 'm-payments'],
    ['m-promotions', 'm-payments', 'm-promotions'],
    [undefined, 'm-payments', 'unknown'],
    ['m-subscriptions', 'm-payments', 'm-payments'],
    ['m-ops', 'm-payments', 'm-payments'],
    ['m-ops', undefined, 'm-ops'],
  ])('published by %s, naming %s, is %s', (userId, named, expected) => {
    const publisher = firstPublisher(message(userId, named), accounts, 'subscriptions');
    expect(publisher).toBe(expected);
    const stamped = withFirstPublisher(message(userId, named), publisher);
    expect(stamped.properties.headers).toEqual({ [firstPublisherHeader]: expected });
  });
});

describe('the definitions of the broker', () => {
  const urls = Object.fromEntries(
    services.map((one) => [one, `amqp://m-${one}:secret-of-${one}@b/school`]),
  ) as BrokerUrls;
  const definitions = brokerDefinitions(urls, { events, requests }, 5) as {
    topic_permissions: { user: string; vhost: string; write: string; read: string }[];
    permissions: { user: string; configure: string; write: string; read: string }[];
  };
  const mayPublish = (service: Service, type: string) => {
    const may = definitions.permissions.find(({ user }) => user === `m-${service}`)!;
    const topics = definitions.topic_permissions.find(({ user }) => user === `m-${service}`)!;
    const allowed = (pattern: string, name: string) => pattern !== '' && new RegExp(pattern).test(name);
    return allowed(may.write, 'matricula.events') && allowed(topics.write, `${type}.some-subject`);
  };

  it.each(events.map(({ type, producer }) => [type, producer] as const))(
    'let nobody publish %s but %s',
    (type, producer) => {
      expect(services.filter((service) => mayPublish(service, type))).toEqual([producer]);
    },
  );

  it('let a service bind what it consumes, and nothing else', () => {
    for (const { user, read } of definitions.topic_permissions) {
      const service = user.slice('m-'.length) as Service;
      if (service === 'gateway') continue;
      const bound = events.filter(({ type }) => read !== '' && new RegExp(read).test(`${type}.#`));
      expect(bound).toEqual(events.filter(({ consumers }) => consumers.includes(service)));
      expect(read === '' || !new RegExp(read).test('#')).toBe(true);
    }
  });

  it('have no password in them', () => {
    expect(JSON.stringify(definitions)).not.toContain('secret-of');
  });
});

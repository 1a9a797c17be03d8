import { describe, expect, it } from '@jest/globals';
import { Misconfigured } from '#kernel/config.js';
import { readDatabaseUrl, readSubscriptionsConfig } from './subscriptions.config.js';

const environment = {
  DATABASE_URL: 'postgresql://db.example.org:5432/postgres',
  AMQP_URL: 'amqp://broker.example.org',
  REDIS_URL: 'redis://redis.example.org/3',
};

describe('the settings', () => {
  it('name the servers and have a default for the rest', () => {
    expect(readSubscriptionsConfig(environment)).toEqual({
      production: false,
      host: '127.0.0.1',
      port: 4603,
      logLevel: 'info',
      databaseUrl: 'postgresql://db.example.org:5432/matricula_subscriptions',
      amqpUrl: 'amqp://broker.example.org',
      redisUrl: 'redis://redis.example.org/3',
      sweepEveryMs: 30_000,
    });
  });

  it('take a database of its own before one on the common server', () => {
    const own = 'postgresql://own.example.org/subscriptions';
    expect(readDatabaseUrl({ ...environment, SUBSCRIPTIONS_DATABASE_URL: own })).toBe(own);
  });

  it.each(['DATABASE_URL', 'AMQP_URL', 'REDIS_URL'])('do not start without %s', (name) => {
    expect(() => readSubscriptionsConfig({ ...environment, [name]: '' })).toThrow(Misconfigured);
    expect(() => readSubscriptionsConfig({ ...environment, [name]: '' })).toThrow(name);
  });
});

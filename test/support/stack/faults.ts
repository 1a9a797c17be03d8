import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'amqplib';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { DatabaseApp } from '../../../tools/apps/apps.ts';
import { depthOf } from '../../../tools/stack/queue-depth.ts';
import { retryQueuesOf } from '../../../tools/verification/under-way.ts';
import type { Scenario } from './scenario.js';
import type { App, Stack } from './stack.js';

/** Something that happens to a running system. It is over, and everything is back, when `strike` resolves. */
export interface Fault {
  readonly name: string;
  strike(scenario: Scenario): Promise<void>;
}

/** Restarts what was killed after so long; freezes last as long. */
const awayMs = 5_000;

const killed = (app: App): Fault => ({
  name: `kill -9 of one ${app}`,
  strike: async ({ stack }) => {
    const victim = stack.service(app);
    await victim.kill();
    await victim.start();
  },
});

const serverKilled = (server: keyof Stack['servers']): Fault => ({
  name: `kill -9 of ${server}`,
  strike: async ({ stack }) => {
    await stack.servers[server].kill();
    await sleep(awayMs);
    await stack.servers[server].start();
  },
});

const serverFrozen = (server: keyof Stack['servers']): Fault => ({
  name: `${server} frozen`,
  strike: async ({ stack }) => {
    stack.servers[server].pause();
    await sleep(awayMs);
    stack.servers[server].resume();
  },
});

const serviceFrozen = (app: App): Fault => ({
  name: `one ${app} frozen`,
  strike: async ({ stack }) => {
    stack.service(app).pause();
    await sleep(awayMs);
    stack.service(app).resume();
  },
});

const onDatabase = async (stack: Stack, app: DatabaseApp, sql: string) => {
  const client = new pg.Client({ connectionString: stack.databaseUrl(app) });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
};

const backendsShot: Fault = {
  name: 'database connections cut at random',
  strike: async ({ stack }) => {
    for (let round = 0; round < 20; round += 1) {
      for (const app of ['payments', 'subscriptions', 'promotions', 'notifications'] as const) {
        await onDatabase(
          stack,
          app,
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid() and random() < 0.3`,
        );
      }
      await sleep(250);
    }
  },
};

const ledgerLocked: Fault = {
  name: 'a lock held on every account for ten seconds',
  strike: ({ stack }) => onDatabase(stack, 'payments', `begin; lock table account; select pg_sleep(10); commit`),
};

const queueDeleted: Fault = {
  // What waited in it is gone with it in any system; so it is deleted when nothing waits, and has to come back by
  // itself.
  name: 'the retry queues deleted',
  strike: async ({ stack }) => {
    const connection = await connect(stack.brokerUrl);
    try {
      const channel = await connection.createChannel();
      for (const queue of ['payments', 'subscriptions', 'promotions', 'notifications'].flatMap(retryQueuesOf)) {
        // Quorum queues know no `ifEmpty`.
        if ((await depthOf(connection, queue)) === 0) await channel.deleteQueue(queue);
      }
    } finally {
      await connection.close().catch(() => {});
    }
  },
};

const redisEmptied: Fault = {
  name: 'Redis emptied',
  strike: async ({ stack }) => {
    const redis = new Redis(stack.redisUrl);
    try {
      await redis.flushall();
    } finally {
      redis.disconnect();
    }
  },
};

const rolledOver: Fault = {
  name: 'a rolling restart of everything',
  strike: async ({ stack }) => {
    for (const app of ['gateway', 'subscriptions', 'payments', 'promotions', 'notifications', 'ops'] as const) {
      for (const instance of stack.instancesOf(app)) {
        await instance.stop();
        await instance.start();
      }
    }
  },
};

const stormed: Fault = {
  name: 'a storm: each notification fifty times, over both instances',
  strike: async (scenario) => {
    for (const notification of scenario.accepted.slice(-20)) {
      await Promise.all(
        Array.from({ length: 50 }, (_, turn) => scenario.deliver(notification, turn % 2).catch(() => undefined)),
      );
    }
  },
};

export const faults: readonly Fault[] = [
  killed('payments'),
  killed('subscriptions'),
  killed('promotions'),
  killed('gateway'),
  serverKilled('rabbitmq'),
  serverKilled('postgres'),
  serverKilled('redis'),
  serverFrozen('rabbitmq'),
  serverFrozen('postgres'),
  serverFrozen('redis'),
  serviceFrozen('payments'),
  serviceFrozen('subscriptions'),
  serviceFrozen('promotions'),
  backendsShot,
  ledgerLocked,
  queueDeleted,
  redisEmptied,
  rolledOver,
  stormed,
];

import { describe, expect, it } from '@jest/globals';
import amqp from 'amqplib';
import { Redis } from 'ioredis';
import pg from 'pg';
import { testBrokerUrl } from './test-broker.js';
import { testDatabase } from './test-database.js';
import { testRedisUrl } from './test-redis.js';

async function databasesNamed(name: string, url: string): Promise<number> {
  const server = new URL(url);
  server.pathname = '/postgres';
  const client = new pg.Client({ connectionString: server.href });
  await client.connect();
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  await client.end();
  return rowCount ?? 0;
}

describe('a test database', () => {
  it('is new, empty, and gone once dropped, even while a connection hangs on it', async () => {
    const database = await testDatabase();
    const client = new pg.Client({ connectionString: database.url });
    client.on('error', () => {}); // the drop cuts it off
    await client.connect();
    const { rowCount } = await client.query("SELECT FROM pg_tables WHERE schemaname = 'public'");
    expect(rowCount).toBe(0);
    await database.drop();
    expect(await databasesNamed(database.name, database.url)).toBe(0);
  });

  it('is dropped when its migrations fail', async () => {
    let url = '';
    const failing = testDatabase(async (given) => {
      url = given;
      throw new Error('no such column');
    });
    await expect(failing).rejects.toThrow('no such column');
    expect(await databasesNamed(new URL(url).pathname.slice(1), url)).toBe(0);
  });
});

describe('a jest worker', () => {
  it('has a vhost of its own', async () => {
    const connection = await amqp.connect(testBrokerUrl());
    const channel = await connection.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    expect(queue).toMatch(/^amq\.gen/);
    await connection.close();
  });

  it('has a Redis database of its own', async () => {
    const redis = new Redis(testRedisUrl());
    expect((await redis.client('INFO')) as string).toContain(` db=${process.env.JEST_WORKER_ID} `);
    redis.disconnect();
  });
});

import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { serverUrl } from './test-server.js';

export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  /** Closes what still hangs on it and drops it. */
  drop(): Promise<void>;
}

/**
 * A new, empty database on the server of DATABASE_URL.
 * `migrate` is given its address, and the connections that it left open are closed when the database is dropped.
 */
export async function testDatabase(migrate?: (url: string) => Promise<void>): Promise<TestDatabase> {
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name}`);
  const url = serverUrl('DATABASE_URL');
  url.pathname = `/${name}`;
  const database = { name, url: url.href, drop: () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
  try {
    await migrate?.(database.url);
  } catch (error) {
    await database.drop();
    throw error;
  }
  return database;
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl('DATABASE_URL').href });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

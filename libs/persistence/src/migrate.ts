import { MikroORM } from '@mikro-orm/postgresql';
import { Client } from 'pg';
import { type Database, ormOptions } from './database.js';

/**
 * Creates the service's database when it is missing and brings it to the newest migration. Safe to run twice and by
 * several instances at once: one of them works at a time, the others find nothing left to do.
 */
export async function migrate(database: Database): Promise<void> {
  await createIfMissing(database.url);
  const gate = new Client({ connectionString: database.url });
  await gate.connect();
  try {
    await gate.query(`select pg_advisory_lock(hashtext('matricula.migrate'))`);
    const orm = await MikroORM.init(ormOptions(database));
    try {
      await orm.migrator.up();
    } finally {
      await orm.close(true);
    }
  } finally {
    await gate.end();
  }
}

const duplicateDatabase = '42P04';
const uniqueViolation = '23505';

async function createIfMissing(databaseUrl: string): Promise<void> {
  const url = new URL(databaseUrl);
  const name = decodeURIComponent(url.pathname.slice(1));
  url.pathname = '/postgres';
  const server = new Client({ connectionString: url.toString() });
  await server.connect();
  try {
    const found = await server.query('select from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await server.query(`create database ${server.escapeIdentifier(name)}`);
  } catch (error) {
    const code = (error as { code?: string }).code;
    // Another instance was quicker.
    if (code !== duplicateDatabase && code !== uniqueViolation) throw error;
  } finally {
    await server.end();
  }
}

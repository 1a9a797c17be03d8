import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { Client } from 'pg';
import { entityDifferences } from '../../../test/support/database/entity-differences.js';
import { testDatabase } from '../../../test/support/servers/test-database.js';
import { messagingEntities } from './messaging.entities.js';

it('the entities of messaging describe the tables that baselines spell out', async () => {
  const database = await testDatabase();
  try {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query(
      await readFile(join(import.meta.dirname, '../../../test/support/database/messaging-tables.sql'), 'utf8'),
    );
    await client.end();
    const described = { url: database.url, entities: messagingEntities, migrations: [] };
    expect(await entityDifferences(described)).toEqual([]);
  } finally {
    await database.drop();
  }
});

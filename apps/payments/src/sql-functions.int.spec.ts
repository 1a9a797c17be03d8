import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { migrate } from '#persistence/migrate.js';
import { type TestDatabase, testDatabase } from '../../../test/support/servers/test-database.js';
import { paymentsDatabase } from './database.js';
import { accountKinds } from './ledger/domain/posting.js';
import { transferStates } from './ledger/transfer.entity.js';
import { receivableStates } from './receivables/domain/receivable.js';
import { refundStates } from './refunds/domain/refund.js';
import { contradictions } from './webhooks/domain/contradictions.js';
import { webhookVerdicts } from './webhooks/webhook-request.entity.js';

const texts = new Map(
  globSync('**/*.sql', { cwd: import.meta.dirname, exclude: ['migrations/**'] }).map((file) => [
    file,
    readFileSync(join(import.meta.dirname, file), 'utf8'),
  ]),
);

/** Texts in quotes that follow `before`, in all functions, each once. */
function wordsAfter(before: string): string[] {
  const pattern = new RegExp(`${before}'([^']+)'`, 'g');
  return [
    ...new Set([...texts.values()].flatMap((sql) => [...sql.matchAll(pattern)].map(([, word]) => word as string))),
  ];
}

describe('the words of the SQL functions', () => {
  it('are kinds of accounts where they name one', () => {
    const words = [...wordsAfter('\\bkind => '), ...wordsAfter('\\ba\\.kind = '), ...wordsAfter('\\bd\\.kind = ')];
    expect(words.length).toBeGreaterThan(3);
    expect(words.filter((word) => !(accountKinds as readonly string[]).includes(word))).toEqual([]);
  });

  it('are states of transfers, receivables and refunds where they name one', () => {
    const states: readonly string[] = [...transferStates, ...receivableStates, ...refundStates];
    const words = [...wordsAfter('\\bstate => '), ...wordsAfter('\\bstate = '), ...wordsAfter('\\bstate <> ')];
    expect(words.length).toBeGreaterThan(4);
    expect(words.filter((word) => !states.includes(word))).toEqual([]);
  });

  it('are verdicts of requests where they name one', () => {
    const words = wordsAfter('\\bverdict = ');
    expect(words.length).toBeGreaterThan(0);
    expect(words.filter((word) => !(webhookVerdicts as readonly string[]).includes(word))).toEqual([]);
  });

  it('are the reasons of a contradiction where they list them', () => {
    const sql = texts.get('webhooks/receiving/classify-requests.sql') ?? '';
    const [, list = ''] = /not in \(\s*('PAYMENT_REUSED'[^)]*)\)/.exec(sql) ?? [];
    expect([...list.matchAll(/'([A-Z_]+)'/g)].map(([, word]) => word).sort()).toEqual(contradictions.toSorted());
  });
});

describe('the settings of the SQL functions', () => {
  let database: TestDatabase;
  let client: Client;

  beforeAll(async () => {
    database = await testDatabase((url) => migrate(paymentsDatabase(url)));
    client = new Client({ connectionString: database.url });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  /**
   * The planner cannot know how many rows a set has, nor how a table has grown by the time a cached plan runs. So the
   * choice is made once: tables are reached through their indexes, and sets meet sets by hashing.
   */
  it('make every entry function be planned alike: all that take the lock, and no others', async () => {
    const { rows } = await client.query<{ name: string; settings: string[] | null }>(
      `select proname as name, proconfig as settings from pg_proc
       where pronamespace = 'public'::regnamespace and prosrc like '%perform ledger_lock()%' order by proname`,
    );
    expect(rows.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'open_receivables',
        'receive_webhooks',
        'register_payments',
        'settle_receivables',
        'withdraw_receivables',
      ]),
    );
    for (const { name, settings } of rows) {
      expect([name, settings?.toSorted()]).toEqual([
        name,
        [
          'enable_hashjoin=on',
          'enable_mergejoin=off',
          'enable_nestloop=off',
          'enable_seqscan=off',
          'jit=off',
          'plan_cache_mode=force_generic_plan',
        ],
      ]);
    }
    const { rows: others } = await client.query(
      `select proname as name from pg_proc
       where pronamespace = 'public'::regnamespace and proconfig is not null
         and prosrc not like '%perform ledger_lock()%'`,
    );
    expect(others).toEqual([]);
  });
});

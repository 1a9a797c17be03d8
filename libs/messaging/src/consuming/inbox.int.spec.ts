import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newId } from '#kernel/ids.js';
import { Transactions } from '#persistence/transaction.js';
import { MessagingEnvironment } from '../../../../test/support/services/messaging-environment.js';
import { Inbox } from './inbox.js';

let environment: MessagingEnvironment;
let transactions: Transactions;
const inbox = new Inbox();

beforeAll(async () => {
  environment = await MessagingEnvironment.create();
  transactions = (await environment.start(environment.publisher)).get(Transactions);
});
afterAll(() => environment.close());
beforeEach(() => environment.client.query('truncate inbox'));

const messages = (count: number) => Array.from({ length: count }, () => ({ id: newId() }));
const admit = (batch: { id: string }[], consumer = 'one') => transactions.run((tx) => inbox.admit(tx, consumer, batch));

describe('the inbox', () => {
  it('admits each message once per consumer, in order', async () => {
    const [a, b, c] = messages(3) as [{ id: string }, { id: string }, { id: string }];
    expect(await admit([b, a, b])).toEqual([b, a]);
    expect(await admit([a, c, b])).toEqual([c]);
    expect(await admit([a, b, c], 'another')).toEqual([a, b, c]);
    expect(await admit([])).toEqual([]);
  });

  it('rolls back with the effect', async () => {
    const [message] = messages(1) as [{ id: string }];
    const failing = transactions.run(async (tx) => {
      expect(await inbox.admit(tx, 'one', [message])).toEqual([message]);
      throw new Error('the effect failed');
    });
    await expect(failing).rejects.toThrow('the effect failed');
    expect(await admit([message])).toEqual([message]);
  });

  it('admits each message to one of many that handle overlapping batches at once', async () => {
    const all = messages(60);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.shuffledSubarray(all, { minLength: 1 }), { minLength: 2, maxLength: 6 }),
        async (batches) => {
          await environment.client.query('truncate inbox');
          const admitted = (await Promise.all(batches.map((batch) => admit(batch)))).flat();
          expect(new Set(admitted).size).toBe(admitted.length);
          expect(new Set(admitted)).toEqual(new Set(batches.flat()));
        },
      ),
      { numRuns: 20 },
    );
  });

  it('is pruned of old rows only', async () => {
    const [old, recent] = [messages(25), messages(3)];
    await admit([...old, ...recent]);
    await environment.client.query(
      `update inbox set received_at = received_at - interval '31 days' where message_id = any ($1)`,
      [old.map(({ id }) => id)],
    );
    const before = Temporal.Now.instant().subtract({ hours: 24 * 30 });
    expect(await inbox.prune(transactions, before, { batchMax: 10 })).toBe(25);
    expect(await admit([...old, ...recent])).toHaveLength(25);
  });
});

describe('uuid_v7()', () => {
  it('makes version 7 ids that grow with time', async () => {
    const { rows } = await environment.client.query<{ id: string; at: number }>(
      `select uuid_v7()::text as id, extract(epoch from clock_timestamp()) * 1000 as at from generate_series(1, 50)`,
    );
    for (const { id, at } of rows) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(Math.abs(Number.parseInt(id.replace('-', '').slice(0, 12), 16) - Number(at))).toBeLessThan(1_000);
    }
    expect(new Set(rows.map(({ id }) => id)).size).toBe(50);
  });
});

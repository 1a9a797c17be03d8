import type { KyselyPlugin } from 'kysely';
import { Transactions } from '#persistence/transaction.js';
import type { PromotionsHarness } from './promotions-harness.js';

/** How many statements of this instance some work takes. */
export async function statementsOf(harness: PromotionsHarness, work: () => Promise<unknown>): Promise<number> {
  const transactions = harness.get(Transactions);
  const run = transactions.run.bind(transactions);
  const query = transactions.query.bind(transactions);
  const kysely = transactions.kysely.bind(transactions);
  let count = 0;
  const counting: KyselyPlugin = {
    transformQuery: ({ node }) => {
      count += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  transactions.kysely = (...entities) => kysely(...entities).withPlugin(counting);
  transactions.query = (sql, values) => {
    count += 1;
    return query(sql, values);
  };
  transactions.run = (task) =>
    run((tx) =>
      task({
        em: tx.em,
        kysely: (...entities) => tx.kysely(...entities).withPlugin(counting),
        query: (sql, values) => {
          count += 1;
          return tx.query(sql, values);
        },
      }),
    );
  await work();
  Object.assign(transactions, { run, query, kysely });
  return count;
}

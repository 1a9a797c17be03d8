import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { changingList, expectStablePages } from '../../../test/support/lists/pages.js';
import { recordStatements } from '../../../test/support/lists/plans.js';
import { type Ledger, openLedger } from '../test/ledger-fixture.js';
import { ReadEntries } from './ledger/statement/read-entries.js';
import { PaymentsStore } from './payments/payments.store.js';
import { QuarantinedStore } from './webhooks/quarantine/quarantined.store.js';

let statements: ReturnType<typeof recordStatements>;
let ledger: Ledger;
let posted = 0;
const personId = newId();

beforeAll(async () => {
  statements = recordStatements();
  ledger = await openLedger();
  await add.entries(['EUR', 'USD', 'CHF'], 12);
  await Promise.all([add.payments(7), add.requests(7)]);
});
afterAll(async () => {
  await ledger.close();
  statements[Symbol.dispose]();
});

const add = {
  /** By clocks that disagree: the instants neither rise with the versions nor differ all. */
  entries: async (currencies: readonly string[], count: number) => {
    for (let left = count; left > 0; left -= 1) {
      posted += 1;
      const currency = currencies[(posted * 5) % currencies.length];
      await ledger.sql.query(
        `with mine as (
           insert into account (kind, owner, currency, opened_at, version) values ('person', $1, $2, now(), 1)
           on conflict (owner, kind, currency) do update set version = account.version + 1
           returning id, version
         ),
         moved as (
           insert into transfer (id, movement, debit_account, credit_account, amount_minor, currency, state, created_at,
             resolved_at)
           select gen_random_uuid(), 'register-payment', 0, id, 1, $2, 'posted', now(), now() from mine
           returning id
         )
         insert into entry
         select mine.id, mine.version, 1, mine.version, moved.id, timestamptz '2026-03-02' + $3::int * interval '1 us'
         from mine, moved`,
        [personId, currency, (posted * 7_919) % 11],
      );
    }
  },
  payments: (count: number) =>
    ledger.sql.query(
      `insert into payment (id, provider, reference, amount_minor, currency, registered_at)
       select gen_random_uuid(), 'cash', gen_random_uuid(), 5, 'EUR', now() from generate_series(1, $1)`,
      [count],
    ),
  /** Of each state as many. */
  requests: (count: number) =>
    ledger.sql.query(
      `insert into webhook_request (id, provider, admitted, verdict, reason, headers, body, received_at, dismissed_at,
         settled_by)
       select gen_random_uuid(), 'standard', false, case when i % 3 = 0 then 'duplicate' else 'quarantined' end, 'X',
         '{}', '', now(), case when i % 3 = 1 then now() end, case when i % 3 = 0 then gen_random_uuid() end
       from generate_series(1, $1 * 3) i`,
      [count],
    ),
};

const entries = (currency?: string) =>
  changingList(
    (paging) => new ReadEntries(ledger.sql).page({ personId, currency, ...paging }),
    (entry) => `${entry.currency} ${entry.version}`,
    // An account in a further currency arrives as well.
    () => add.entries(['EUR', 'USD', 'CHF', currency ?? 'SEK'], 3),
  );

const quarantined = (state: 'open' | 'dismissed' | 'settled') =>
  changingList(
    (paging) => new QuarantinedStore(ledger.sql).page(state, paging),
    ({ id }) => id,
    () => add.requests(1),
  );

const lists = {
  'entries of a person': entries(),
  'entries of a person in a currency': entries('EUR'),
  'payments in suspense': changingList(
    (paging) => new PaymentsStore().unmatched(ledger.sql, { state: 'open', ...paging }),
    (payment) => payment.payment_id,
    () => add.payments(3),
  ),
  'quarantined notifications': quarantined('open'),
  'dismissed notifications': quarantined('dismissed'),
  'settled notifications': quarantined('settled'),
};

it.each(Object.entries(lists))('%s: rows that arrive between two pages repeat and skip no row', async (_, list) => {
  await expectStablePages(list);
});

it.each(Object.entries(lists))('%s: an index leads to the page after a cursor', async (name, { read }) => {
  const { next_cursor: after } = await read({ limit: 3 });
  const plan = await statements.planOf(ledger.url, () => read({ limit: 3, count: false, after: String(after) }));
  expect(plan.nodes).not.toContain('Seq Scan');
  // Of each account a statement sorts no more entries than the page has.
  if (!name.startsWith('entries')) expect(plan.nodes).not.toContain('Sort');
  expect(plan.lookedUp.join()).toMatch(/\b(id|version) [<>] /);
});

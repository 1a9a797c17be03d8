import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { changingList, expectStablePages } from '../../../test/support/lists/pages.js';
import { recordStatements } from '../../../test/support/lists/plans.js';
import { type Ledger, openLedger } from '../test/ledger-fixture.js';
import { ReadAccounts } from './ledger/browsing/read-accounts.js';
import { ReadEntries } from './ledger/statement/read-entries.js';
import { FindCandidates } from './payment-search/find-candidates.js';
import { PaymentSearch } from './payment-search/payment-search.js';
import { PaymentsStore } from './payments/payments.store.js';
import { RefundBacklogStore } from './refunds/backlog/refund-backlog.store.js';
import { QuarantinedStore } from './webhooks/quarantine/quarantined.store.js';

let statements: ReturnType<typeof recordStatements>;
let ledger: Ledger;
let posted = 0;
const personId = newId();
/** Of the person, in euros. */
let accountId = 0;

beforeAll(async () => {
  statements = recordStatements();
  ledger = await openLedger();
  await ledger.sql.query(
    `insert into account (kind, owner, currency, opened_at) values ('provider_clearing', 'cash', 'EUR', now())`,
  );
  await add.entries(['EUR', 'USD', 'CHF'], 24);
  await Promise.all([
    add.payments(7),
    add.someByHand(14),
    add.accounts(7),
    add.requests(7),
    add.refunds(7),
    add.reports(7),
  ]);
  const { items } = await new ReadAccounts(ledger.sql).list({ owner: personId, currency: 'EUR', limit: 1 });
  accountId = items[0]?.account_id ?? 0;
  await ledger.sql.query('analyze');
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
           select gen_random_uuid(), 'register-payment',
             (select c.id from account c where c.kind = 'provider_clearing'), id, 1, $2, 'posted', now(), now() from mine
           returning id
         )
         insert into entry
         select mine.id, mine.version, 1, mine.version, moved.id, timestamptz '2026-03-02' + $3::int * interval '1 us'
         from mine, moved`,
        [personId, currency, (posted * 7_919) % 11],
      );
    }
  },
  /** In suspense, dismissed from it, and a hundred times as many that have persons. */
  payments: (count: number) =>
    ledger.sql.query(
      `insert into payment (id, provider, reference, amount_minor, currency, registered_at, person_id, dismissed_at,
         dismissed_by, dismissal_note)
       select gen_random_uuid(), 'standard', gen_random_uuid(), 5, 'EUR', now(), case when i % 100 > 1 then $2::uuid end,
         case when i % 100 = 1 then now() end, case when i % 100 = 1 then 'ravi' end, case when i % 100 = 1 then 'x' end
       from generate_series(0, $1 * 100 - 1) i`,
      [count, personId],
    ),
  /** Cash, and other payments around it. */
  someByHand: (count: number) =>
    ledger.sql.query(
      `insert into payment (id, provider, reference, amount_minor, currency, registered_at, person_id)
       select gen_random_uuid(), case when i % 2 = 0 then 'cash' else 'stripe' end, gen_random_uuid(), 5, 'EUR', now(), $2
       from generate_series(1, $1) i`,
      [count, personId],
    ),
  accounts: (count: number) =>
    ledger.sql.query(
      `insert into account (kind, owner, currency, opened_at)
       select kind, gen_random_uuid(), 'EUR', now() from generate_series(1, $1), unnest(array['person', 'class']) kind`,
      [count],
    ),
  /** Waiting for payments, and a hundred times as many that were applied. */
  refunds: (count: number) =>
    ledger.sql.query(
      `insert into refund (id, provider, kind, reference, payment_reference, amount_minor, currency, state, payment_id,
         owed_minor, received_at, applied_at)
       select gen_random_uuid(), 'stripe', 'refund', gen_random_uuid(), gen_random_uuid(), 5, 'EUR',
         case when i % 100 = 0 then 'waiting' else 'applied' end, case when i % 100 > 0 then gen_random_uuid() end,
         case when i % 100 > 0 then 0 end, now(), case when i % 100 > 0 then now() end
       from generate_series(0, $1 * 100 - 1) i`,
      [count],
    ),
  /** Of payments that persons have, by clocks that disagree. */
  reports: (count: number) =>
    ledger.sql.query(
      `with paid as (
         insert into payment (id, provider, reference, amount_minor, currency, registered_at, person_id)
         select gen_random_uuid(), 'stripe', gen_random_uuid(), 5, 'EUR', now(), $2 from generate_series(1, $1)
         returning provider, reference)
       insert into refund_report (payment_reference, provider, kind, amount_minor, currency, reported_at)
       select reference, provider, kind, 5, 'EUR',
         timestamptz '2026-03-02' + (random() * 3)::int * interval '1 us'
       from paid, unnest(array['refund', 'dispute']) kind`,
      [count, personId],
    ),
  /** Of each state that is listed as many, and a hundred times as many that were applied. */
  requests: (count: number) =>
    ledger.sql.query(
      `insert into webhook_request (id, provider, admitted, verdict, reason, headers, body, received_at, dismissed_at,
         settled_by)
       select gen_random_uuid(), 'standard', false,
         case i % 100 when 0 then 'duplicate' when 1 then 'quarantined' when 2 then 'quarantined' else 'applied' end,
         case when i % 100 < 3 then 'X' end, '{}', '', now(), case when i % 100 = 1 then now() end,
         case when i % 100 = 0 then gen_random_uuid() end
       from generate_series(0, $1 * 100 - 1) i`,
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

const unmatched = (state: 'open' | 'dismissed') =>
  changingList(
    (paging) => new PaymentsStore().unmatched(ledger.sql, { state, ...paging }),
    (payment) => payment.payment_id,
    () => add.payments(1),
  );

const payments = (filter: { provider?: string }) =>
  changingList(
    (paging) => new PaymentSearch(ledger.sql, new PaymentsStore()).list({ ...filter, ...paging }),
    (payment) => payment.payment_id,
    () => add.someByHand(3),
  );

const accounts = () =>
  changingList(
    (paging) => new ReadAccounts(ledger.sql).list(paging),
    (account) => account.account_id,
    () => add.accounts(3),
  );

/** Each with the index that serves it. */
const lists = {
  'entries of a person': [entries(), 'entry_pkey'],
  'entries of a person in a currency': [entries('EUR'), 'entry_pkey'],
  'payments in suspense': [unmatched('open'), 'payment_unmatched'],
  'payments by hand': [payments({ provider: 'cash' }), 'payment_by_hand'],
  'accounts of the ledger': [accounts(), 'account_pkey'],
  'entries of an account': [
    changingList(
      async (paging) => {
        const { account: _, ...page } = await new ReadAccounts(ledger.sql).entries(accountId, paging);
        return page;
      },
      ({ version }) => version,
      () => add.entries(['EUR'], 3),
    ),
    'entry_pkey',
  ],
  'payments that were dismissed from suspense': [unmatched('dismissed'), 'payment_dismissed'],
  'refunds that wait for their payments': [
    changingList(
      (paging) => new RefundBacklogStore(ledger.sql).waiting(paging),
      (refund) => refund.refund_id,
      () => add.refunds(1),
    ),
    'refund_waiting',
  ],
  'payments of which refunds are missing': [
    changingList(
      (paging) => new RefundBacklogStore(ledger.sql).missing(paging),
      (report) => `${report.payment_id} ${report.kind}`,
      () => add.reports(1),
    ),
    'refund_report_oldest',
  ],
  'quarantined notifications': [quarantined('open'), 'webhook_open'],
  'dismissed notifications': [quarantined('dismissed'), 'webhook_dismissed'],
  'settled notifications': [quarantined('settled'), 'webhook_settled'],
} as const;

it.each(Object.entries(lists))('%s: rows that arrive between two pages repeat and skip no row', async (_, [list]) => {
  await expectStablePages(list);
});

it.each(Object.entries(lists))('%s: an index of them leads to the page after a cursor', async (name, [list, index]) => {
  const { next_cursor: after } = await list.read({ limit: 3 });
  const plan = await statements.planOf(ledger.url, () => list.read({ limit: 3, count: false, after: String(after) }));
  expect(plan.nodes).not.toContain('Seq Scan');
  // Of each account a statement sorts no more entries than the page has.
  if (!name.startsWith('entries')) expect(plan.nodes.join()).not.toContain('Sort');
  expect(plan.indexes).toContain(index);
  expect(plan.lookedUp.join()).toMatch(/\b(id|version|sequence|reported_at\b.*) [<>] /);
});

it.each<[object, readonly string[]]>([
  [{}, ['payment_pkey']],
  [{ search: 'receipt' }, ['payment_reference_provider_key']],
  [{ search: newId() }, ['payment_names_order', 'payment_assigned_order', 'transfer_of_order']],
  [{ from: '2001-01-01T00:00:00Z', to: '2001-02-01T00:00:00Z' }, ['payment_registered']],
])('payments are found with %j by an index', async (filter, indexes) => {
  const search = new PaymentSearch(ledger.sql, new PaymentsStore());
  const read = () => search.list({ limit: 5, count: false, ...filter });
  const plan = await statements.planOf(ledger.url, read, 'from' in filter ? ['seqscan', 'indexscan'] : ['seqscan']);
  expect(plan.indexes).toEqual(expect.arrayContaining([...indexes]));
});

it('accounts of a kind are found by an index, in order', async () => {
  await ledger.sql.query(
    `insert into account (kind, owner, currency, opened_at)
     select 'person', gen_random_uuid(), 'EUR', now() from generate_series(1, 3000)`,
  );
  await ledger.sql.query('analyze account');
  const read = () => new ReadAccounts(ledger.sql).list({ kind: 'class', limit: 5, count: false });
  const plan = await statements.planOf(ledger.url, read);
  expect(plan.indexes).toEqual(['account_of_kind']);
  expect(plan.nodes).not.toContain('Sort');
});

it('candidates of a payment in suspense are looked up in indexes', async () => {
  const [stray] = await ledger.sql.query<{ id: string }>(
    `insert into payment (id, provider, reference, amount_minor, currency, registered_at)
     values (gen_random_uuid(), 'cash', $1, 5, 'EUR', now()) returning id`,
    [`order ${newId()}`],
  );
  const read = () => new FindCandidates(ledger.sql).execute(stray?.id ?? '');
  const plan = await statements.planOf(ledger.url, read, ['seqscan', 'bitmapscan']);
  expect(plan.nodes).not.toContain('Seq Scan');
  expect(plan.indexes).toEqual(expect.arrayContaining(['receivable_open_amount', 'receivable_pkey']));
});

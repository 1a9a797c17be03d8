import pg from 'pg';
import { columnTypes } from '#persistence/driver/values.js';

/** One thing that does not hold, and where. */
export interface Violation {
  readonly invariant: string;
  readonly subject: string;
  readonly says: string;
}

/** What a verification found, and how much it looked at. */
export interface LedgerReport {
  readonly violations: readonly Violation[];
  /** How many of each were looked at. */
  readonly counted: {
    readonly accounts: number;
    readonly transfers: number;
    readonly entries: number;
    readonly payments: number;
  };
}

/** Violations shown per invariant; one is enough to act on, a million helps nobody. */
const shownMax = 20;

/**
 * Each invariant as a query over whole tables that finds what breaks it. Numbers such as I1 are those of
 * test/README.md; the others prove that transfers, receivables, payments and provider events agree with each other.
 */
const invariants: Readonly<Record<string, string>> = {
  'I1 entries sum to zero per currency': `
    select a.currency as subject, 'sum is ' || sum(e.amount_minor) as says
    from entry e join account a on a.id = e.account_id group by a.currency having sum(e.amount_minor) <> 0`,

  'I2 a balance is the sum of its entries': `
    select a.kind || ' ' || a.owner || ' ' || a.currency as subject,
      'balance ' || (a.credits_posted - a.debits_posted) || ', credits of entries ' || coalesce(e.credits, 0)
        || ', debits of entries ' || coalesce(e.debits, 0) as says
    from account a left join (
      select account_id, sum(greatest(amount_minor, 0)) as credits, sum(greatest(-amount_minor, 0)) as debits
      from entry group by account_id
    ) e on e.account_id = a.id
    where a.credits_posted <> coalesce(e.credits, 0) or a.debits_posted <> coalesce(e.debits, 0)`,

  'I2 each running balance is the one before plus the amount': `
    select e.account_id || ' version ' || e.version as subject,
      'balance after is ' || e.balance_after_minor || ', before ' || e.before || ', amount ' || e.amount_minor as says
    from (
      select account_id, version, amount_minor, balance_after_minor,
        coalesce(lag(balance_after_minor) over (partition by account_id order by version), 0) as before
      from entry
    ) e where e.balance_after_minor <> e.before + e.amount_minor`,

  'I3 versions are gapless from 1': `
    select coalesce(a.kind || ' ' || a.owner || ' ' || a.currency, 'no account ' || e.account_id) as subject,
      'account says ' || coalesce(a.version::text, 'nothing') || '; entries: ' || coalesce(e.entries, 0)
        || ', from ' || coalesce(e.first, 0) || ' to ' || coalesce(e.last, 0) as says
    from account a full join (
      select account_id, count(*) as entries, min(version) as first, max(version) as last from entry group by account_id
    ) e on e.account_id = a.id
    where a.version is null or a.version <> coalesce(e.entries, 0) or coalesce(e.last, 0) <> a.version
      or coalesce(e.first, 1) <> 1`,

  'a posted transfer has its two entries, any other none': `
    select coalesce(t.id, e.transfer_id)::text as subject,
      coalesce(t.state, 'unknown') || ' with ' || coalesce(e.entries, 0) || ' entries' as says
    from transfer t full join (
      select transfer_id, count(*) as entries, min(amount_minor) as debit, max(amount_minor) as credit,
        min(account_id) filter (where amount_minor < 0) as debited, min(account_id) filter (where amount_minor > 0) as credited
      from entry group by transfer_id
    ) e on e.transfer_id = t.id
    where t.id is null
      or t.state = 'posted' and (e.entries is distinct from 2 or e.debit <> -t.amount_minor or e.credit <> t.amount_minor
        or e.debited is distinct from t.debit_account or e.credited is distinct from t.credit_account)
      or t.state <> 'posted' and e.entries is not null`,

  'pending sums of accounts are those of their pending transfers': `
    select a.kind || ' ' || a.owner || ' ' || a.currency as subject,
      'pending ' || a.debits_pending || '/' || a.credits_pending || ', transfers '
        || coalesce(p.debits, 0) || '/' || coalesce(p.credits, 0) as says
    from account a left join (
      select account_id, sum(debit) as debits, sum(credit) as credits from (
        select debit_account as account_id, amount_minor as debit, 0 as credit from transfer where state = 'pending'
        union all select credit_account, 0, amount_minor from transfer where state = 'pending'
      ) legs group by account_id
    ) p on p.account_id = a.id
    where a.debits_pending <> coalesce(p.debits, 0) or a.credits_pending <> coalesce(p.credits, 0)`,

  'I12 no person is below zero': `
    select owner || ' ' || currency as subject, 'available ' || a.available_minor as says
    from account a where kind = 'person' and a.available_minor < 0`,

  'a receivable and its reservation agree': `
    select r.order_id::text as subject, r.state || ', reservation ' || coalesce(t.state, 'missing') as says
    from receivable r left join transfer t on t.source_key = 'reserve/' || r.order_id
    left join account d on d.id = t.debit_account left join account c on c.id = t.credit_account
    where case r.state
        when 'reserved' then t.state is distinct from 'pending'
        when 'settled' then case when r.amount_minor > 0 then t.state is distinct from 'posted' else t.id is not null end
        when 'open' then t.id is not null
        else t.state in ('pending', 'posted') end
      or t.amount_minor <> r.amount_minor or t.currency <> r.currency or d.owner <> r.person_id::text
      or c.owner <> r.class_id::text`,

  'a reservation has its receivable': `
    select t.id::text as subject, 'order ' || coalesce(t.order_id::text, 'unnamed') || ' is unknown' as says
    from transfer t where t.movement = 'reserve'
      and not exists (select from receivable r where r.order_id = t.order_id)`,

  'I4 each payment is credited once, as it was told': `
    select coalesce(p.id, t.payment_id)::text as subject,
      coalesce(p.provider || ' ' || p.reference, 'no payment') || ', transfer ' || coalesce(t.state, 'missing') as says
    from payment p full join (select * from transfer where movement = 'register-payment') t
      on t.id = p.id and t.payment_id = p.id
    left join account d on d.id = t.debit_account left join account c on c.id = t.credit_account
    where p.id is null or t.state is distinct from 'posted' or t.amount_minor <> p.amount_minor
      or t.currency <> p.currency or d.owner <> p.provider
      or c.kind = 'person' and c.owner is distinct from p.person_id::text
      or c.kind = 'suspense' and (p.person_id is null) <> (p.matched_at is null)`,

  'a payment out of suspense moved once': `
    select coalesce(p.id, t.payment_id)::text as subject, 'match ' || coalesce(t.state, 'missing') as says
    from (select * from payment where matched_at is not null) p
    full join (select * from transfer where movement = 'match-payment') t on t.source_key = 'match/' || p.id
    left join account d on d.id = t.debit_account left join account c on c.id = t.credit_account
    where p.id is null or t.id is not null and (t.state <> 'posted' or d.kind <> 'suspense'
      or c.kind <> 'person' or c.owner is distinct from p.person_id::text)`,

  'suspense holds of each payment what is unmatched and not back at the payer': `
    select p.id::text as subject,
      'holds ' || coalesce(h.held, 0) || ' of ' || p.amount_minor || ', returned ' || p.refunded_minor
        || case when p.person_id is null then ', unmatched' else ', matched' end as says
    from payment p left join (
      select t.payment_id, sum(case when t.credit_account = a.id then t.amount_minor else -t.amount_minor end) as held
      from transfer t join account a on a.kind = 'suspense' and a.id in (t.debit_account, t.credit_account)
      group by t.payment_id
    ) h on h.payment_id = p.id
    where coalesce(h.held, 0) <> case when p.person_id is null then p.amount_minor - p.refunded_minor else 0 end`,

  'suspense holds the unmatched payments': `
    select coalesce(a.currency, p.currency) as subject,
      'balance ' || coalesce(a.balance, 0) || ', unmatched ' || coalesce(p.unmatched, 0) as says
    from (select currency, credits_posted - debits_posted as balance from account where kind = 'suspense') a
    full join (
      select currency, sum(amount_minor - refunded_minor) as unmatched from payment where person_id is null
      group by currency
    ) p on p.currency = a.currency
    where coalesce(a.balance, 0) <> coalesce(p.unmatched, 0)`,

  'each return was taken once, as it was told': `
    select coalesce(r.id, t.id)::text as subject,
      coalesce(r.provider || ' ' || r.kind || ' ' || r.reference, 'no return') || ', transfer '
        || coalesce(t.state, 'missing') as says
    from (select * from refund where applied_at is not null) r
    full join (select * from transfer where movement in ('refund-payment', 'dispute-payment')) t
      on t.source_key = 'refund/' || r.id
    left join account d on d.id = t.debit_account left join account c on c.id = t.credit_account
    left join payment p on p.id = r.payment_id
    where r.id is null or t.state is distinct from 'posted' or t.movement <> r.kind || '-payment'
      or t.amount_minor <> r.amount_minor or t.currency <> r.currency or t.correction_of is distinct from p.id
      or (p.provider, p.reference, p.currency) is distinct from (r.provider, r.payment_reference, r.currency)
      or d.kind not in ('person', 'suspense') or d.kind = 'person' and d.owner is distinct from p.person_id::text
      or c.kind <> 'provider_clearing' or c.owner <> r.provider`,

  'each return that was given back came back once, and no other': `
    select coalesce(r.id, t.correction_of)::text as subject, 'transfer ' || coalesce(t.state, 'missing') as says
    from (select * from refund where applied_at is not null and reinstated_at is not null) r
    full join (select * from transfer where movement in ('reinstate-refund', 'reinstate-dispute')) t
      on t.source_key = 'reinstate/' || r.id
    left join account d on d.id = t.debit_account left join account c on c.id = t.credit_account
    where r.id is null or t.state is distinct from 'posted' or t.movement <> 'reinstate-' || r.kind
      or t.amount_minor <> r.amount_minor or t.currency <> r.currency or t.correction_of is distinct from r.id
      or c.kind not in ('person', 'suspense') or d.kind <> 'provider_clearing' or d.owner <> r.provider`,

  'what went back of a payment is what its returns took': `
    select p.id::text as subject, 'returned ' || p.refunded_minor || ', returns ' || coalesce(r.taken, 0) as says
    from payment p left join (
      select payment_id, sum(amount_minor) as taken from refund where state = 'applied' group by payment_id
    ) r on r.payment_id = p.id
    where p.refunded_minor <> coalesce(r.taken, 0)`,

  'persons owe what their returns took beyond what they had': `
    select coalesce(r.id, t.id)::text as subject,
      'owed ' || coalesce(r.owed_minor, 0) || ', transfer ' || coalesce(t.state, 'missing') as says
    from (select * from refund where owed_minor > 0) r
    full join (select * from transfer where movement = 'raise-debt') t on t.source_key = 'debt/' || r.id
    left join account d on d.id = t.debit_account left join account c on c.id = t.credit_account
    where r.id is null or t.state is distinct from 'posted' or t.amount_minor <> r.owed_minor
      or t.currency <> r.currency or d.kind <> 'debt' or c.kind <> 'person' or c.owner <> d.owner`,

  'nobody who owes has money to spend': `
    select c.owner || ' ' || c.currency as subject,
      'owes ' || (c.debits_posted - c.credits_posted) || ', available '
        || (p.credits_posted - p.debits_posted - p.debits_pending) as says
    from account c left join account p on p.kind = 'person' and p.owner = c.owner and p.currency = c.currency
    where c.kind = 'debt' and (c.debits_posted < c.credits_posted
      or c.debits_posted > c.credits_posted
        and coalesce(p.credits_posted - p.debits_posted - p.debits_pending, 1) > 0)`,

  'each bonus is credited once, as it was told': `
    select coalesce(b.id, t.id)::text as subject, 'grant ' || coalesce(t.state, 'missing') as says
    from (select * from bonus where granted_at is not null) b
    full join (select * from transfer where movement = 'grant-bonus') t on t.source_key = 'bonus/' || b.id
    left join account d on d.id = t.debit_account left join account c on c.id = t.credit_account
    where b.id is null or t.state is distinct from 'posted' or t.amount_minor <> b.amount_minor
      or t.currency <> b.currency or d.kind <> 'promotion_expense' or c.owner is distinct from b.person_id::text`,

  'what was taken back of a bonus went where it came from': `
    select coalesce(b.id, t.correction_of)::text as subject,
      coalesce(b.reversed_minor, 0) || ' taken back, transfer ' || coalesce(t.state, 'missing') as says
    from (select * from bonus where reversed_minor > 0) b
    full join (select * from transfer where movement = 'reverse-bonus') t on t.source_key = 'bonus-reversal/' || b.id
    left join account d on d.id = t.debit_account left join account c on c.id = t.credit_account
    where b.id is null or t.state is distinct from 'posted' or t.amount_minor <> b.reversed_minor
      or t.correction_of is distinct from b.id or c.kind <> 'promotion_expense'
      or d.owner is distinct from b.person_id::text`,

  'the promotion expense is what bonuses gave and did not take back': `
    select coalesce(a.currency, b.currency) as subject,
      'expense ' || coalesce(a.expense, 0) || ', bonuses ' || coalesce(b.given, 0) as says
    from (select currency, debits_posted - credits_posted as expense from account where kind = 'promotion_expense') a
    full join (
      select currency, sum(amount_minor - reversed_minor) as given from bonus where granted_at is not null
      group by currency
    ) b on b.currency = a.currency
    where coalesce(a.expense, 0) <> coalesce(b.given, 0)`,

  'I4 each payment of a provider stands for one applied event': `
    select coalesce(p.id, w.payment_id)::text as subject,
      coalesce(w.events, 0) || ' applied events, ' || case when p.id is null then 'no payment' else 'a payment' end as says
    from (select id from payment where provider not in ('cash', 'bank_transfer')) p
    full join (
      select payment_id, count(*) as events from webhook_request where verdict = 'applied' and refund_id is null
      group by payment_id
    ) w on w.payment_id = p.id
    where p.id is null or w.events is distinct from 1`,

  'each return that moved, or never will, was told by an applied event': `
    select coalesce(r.id, w.refund_id)::text as subject,
      case when r.id is null then 'no return' else r.state end || ', ' || coalesce(w.events, 0) || ' applied events' as says
    from (select * from refund where state <> 'waiting' and provider not in ('cash', 'bank_transfer')) r
    full join (
      select refund_id, count(*) as events from webhook_request where verdict = 'applied' and refund_id is not null
      group by refund_id
    ) w on w.refund_id = r.id
    where w.events is null or r.id is null and not exists (
      select from refund k where k.id = w.refund_id and k.state = 'waiting')`,
};

/**
 * Proves the ledger while work goes on: each invariant is one statement and so sees one moment. All of them over one
 * snapshot would prove no more, and would for minutes keep the dead versions of the hot accounts from being cleared
 * away. On a connection of its own: the sums of millions of entries take longer than any statement of the hot path
 * may.
 */
export async function verifyLedger(databaseUrl: string): Promise<LedgerReport> {
  const client = new pg.Client({ connectionString: databaseUrl, types: columnTypes, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await client.query(`set default_transaction_read_only = on`);
    await client.query(`set statement_timeout = '30min'`);
    const violations: Violation[] = [];
    for (const [invariant, query] of Object.entries(invariants)) {
      const { rows } = await client.query<{ subject: string; says: string }>(`${query} limit ${shownMax}`);
      violations.push(...rows.map(({ subject, says }) => ({ invariant, subject, says })));
    }
    const { rows } = await client.query<LedgerReport['counted']>(
      `select (select count(*) from account) as accounts, (select count(*) from transfer) as transfers,
         (select count(*) from entry) as entries, (select count(*) from payment) as payments`,
    );
    return { violations, counted: rows[0] as LedgerReport['counted'] };
  } finally {
    await client.end();
  }
}

/** For people. */
export function describeReport({ violations, counted }: LedgerReport): string {
  const { accounts, transfers, entries, payments } = counted;
  const seen = `${payments} payments, ${transfers} transfers, ${entries} entries, ${accounts} accounts`;
  if (violations.length === 0) return `The ledger holds: ${seen}; ${Object.keys(invariants).length} invariants proved.`;
  const lines = violations.map(({ invariant, subject, says }) => `  ${invariant}\n    ${subject}: ${says}`);
  return [`The ledger is broken (${seen}):`, ...lines].join('\n');
}

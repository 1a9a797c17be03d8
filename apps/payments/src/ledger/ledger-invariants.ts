/**
 * The sums and references of the ledger itself. Each query finds what breaks its invariant: a subject, and what it
 * says.
 */
export const ledgerInvariants: Readonly<Record<string, string>> = {
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
};

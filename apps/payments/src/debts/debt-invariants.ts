/**
 * Debts are what refunds, corrections, reversed bonuses and late extras raised, and are repaid before anything is
 * spent. Each query finds what breaks its invariant: a subject, and what it says.
 */
export const debtInvariants: Readonly<Record<string, string>> = {
  'debts are what refunds, corrections, reversed bonuses and late extras took beyond what persons had': `
    select coalesce(r.id, t.id::text) as subject,
      'owed ' || coalesce(r.owed_minor, 0) || ', transfer ' || coalesce(t.state, 'missing') as says
    from (
      select id::text, owed_minor, currency from refund where owed_minor > 0
      union all select id::text, owed_minor, currency from bonus where owed_minor > 0
      union all select p.id || '/' || x.kind, x.owed_minor, p.currency
      from payment_extra x join payment p on p.id = x.payment_id where x.owed_minor > 0
      union all select k.id::text, k.owed_minor, p.currency
      from payment_correction k join payment p on p.id = k.payment_id where k.owed_minor > 0
    ) r
    full join (select * from transfer where movement = 'raise-debt') t on t.source_key = 'debt/' || r.id
    left join account d on d.id = t.debit_account left join account c on c.id = t.credit_account
    where r.id is null or t.state is distinct from 'posted' or t.amount_minor <> r.owed_minor
      or t.currency <> r.currency or d.kind <> 'debt' or c.kind <> 'person' or c.owner <> d.owner`,

  'no person with a debt has a spendable balance': `
    select c.owner || ' ' || c.currency as subject,
      'owes ' || (c.debits_posted - c.credits_posted) || ', available '
        || (p.credits_posted - p.debits_posted - p.debits_pending) as says
    from account c left join account p on p.kind = 'person' and p.owner = c.owner and p.currency = c.currency
    where c.kind = 'debt' and (c.debits_posted < c.credits_posted
      or c.debits_posted > c.credits_posted
        and coalesce(p.credits_posted - p.debits_posted - p.debits_pending, 1) > 0)`,
};

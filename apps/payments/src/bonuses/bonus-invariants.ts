/** Bonuses and their transfers agree. Each query finds what breaks its invariant: a subject, and what it says. */
export const bonusInvariants: Readonly<Record<string, string>> = {
  'each bonus is credited once, as it was earned': `
    select coalesce(b.id, t.id)::text as subject, 'grant ' || coalesce(t.state, 'missing') as says
    from (select * from bonus where granted_at is not null) b
    full join (select * from transfer where movement = 'grant-bonus') t on t.source_key = 'bonus/' || b.id
    left join account d on d.id = t.debit_account left join account c on c.id = t.credit_account
    where b.id is null or t.state is distinct from 'posted' or t.amount_minor <> b.amount_minor
      or t.currency <> b.currency or d.kind <> 'promotion_expense' or c.owner is distinct from b.person_id::text`,

  'each reversed bonus went to the promotion expense whole': `
    select coalesce(b.id, t.correction_of)::text as subject,
      coalesce(b.amount_minor, 0) || ' reversed, transfer ' || coalesce(t.state, 'missing') as says
    from (select * from bonus where granted_at is not null and reversed_at is not null) b
    full join (select * from transfer where movement = 'reverse-bonus') t on t.source_key = 'bonus-reversal/' || b.id
    left join account d on d.id = t.debit_account left join account c on c.id = t.credit_account
    where b.id is null or t.state is distinct from 'posted' or t.amount_minor <> b.amount_minor
      or t.currency <> b.currency or t.correction_of is distinct from b.id or c.kind <> 'promotion_expense'
      or d.owner is distinct from b.person_id::text`,

  'the promotion expense is what bonuses gave and were not reversed': `
    select coalesce(a.currency, b.currency) as subject,
      'expense ' || coalesce(a.expense, 0) || ', bonuses ' || coalesce(b.given, 0) as says
    from (select currency, debits_posted - credits_posted as expense from account where kind = 'promotion_expense') a
    full join (
      select currency, sum(amount_minor) filter (where reversed_at is null) as given from bonus
      where granted_at is not null group by currency
    ) b on b.currency = a.currency
    where coalesce(a.expense, 0) <> coalesce(b.given, 0)`,
};

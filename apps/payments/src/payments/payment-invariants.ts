/**
 * Payments, their transfers and suspense agree. Each query finds what breaks its invariant: a subject, and what it
 * says. What corrections changed since is proved with them: here counts what stood before the first one.
 */
export const paymentInvariants: Readonly<Record<string, string>> = {
  'I4 each payment is credited once, as it was registered': `
    select coalesce(p.id, t.payment_id)::text as subject,
      coalesce(p.provider || ' ' || p.reference, 'no payment') || ', transfer ' || coalesce(t.state, 'missing') as says
    from payment p full join (select * from transfer where movement = 'register-payment') t
      on t.id = p.id and t.payment_id = p.id
    left join account d on d.id = t.debit_account left join account c on c.id = t.credit_account
    left join (
      select distinct on (payment_id) payment_id, amount_before_minor from payment_correction
      order by payment_id, sequence
    ) a on a.payment_id = p.id
    left join (
      select distinct on (payment_id) payment_id, person_before from payment_correction where kind = 'reassign'
      order by payment_id, sequence
    ) o on o.payment_id = p.id
    where p.id is null or t.state is distinct from 'posted'
      or t.amount_minor <> coalesce(a.amount_before_minor, p.amount_minor)
      or t.currency <> p.currency or d.owner <> p.provider
      or c.kind = 'person' and c.owner is distinct from coalesce(o.person_before, p.person_id)::text
      or c.kind = 'suspense' and (p.person_id is null) <> (p.matched_at is null)`,

  'a payment out of suspense moved once': `
    select coalesce(p.id, t.payment_id)::text as subject, 'match ' || coalesce(t.state, 'missing') as says
    from (select * from payment where matched_at is not null) p
    full join (select * from transfer where movement = 'match-payment') t on t.source_key = 'match/' || p.id
    left join account d on d.id = t.debit_account left join account c on c.id = t.credit_account
    left join (
      select distinct on (payment_id) payment_id, person_before from payment_correction where kind = 'reassign'
      order by payment_id, sequence
    ) o on o.payment_id = p.id
    where p.id is null or t.id is not null and (t.state <> 'posted'
      or d.kind <> case when p.dismissed_at is null then 'suspense' else 'foreign_money' end
      or c.kind <> 'person' or c.owner is distinct from coalesce(o.person_before, p.person_id)::text)`,

  'suspense holds of each payment what is unmatched, no extra and not refunded': `
    select p.id::text as subject,
      'holds ' || coalesce(h.held, 0) || ' of ' || p.amount_minor || ', refunded ' || p.refunded_minor
        || ', extras ' || p.extras_minor || case when p.person_id is null then ', unmatched' else ', matched' end as says
    from payment p left join (
      select t.payment_id, sum(case when t.credit_account = a.id then t.amount_minor else -t.amount_minor end) as held
      from transfer t join account a on a.kind = 'suspense' and a.id in (t.debit_account, t.credit_account)
      group by t.payment_id
    ) h on h.payment_id = p.id
    where coalesce(h.held, 0) <> case when p.person_id is null and p.dismissed_at is null
      then greatest(0, p.amount_minor - p.extras_minor - p.refunded_minor) else 0 end`,

  'foreign money holds of each payment what is dismissed, no extra and not refunded': `
    select p.id::text as subject,
      'holds ' || coalesce(h.held, 0) || ' of ' || p.amount_minor || ', refunded ' || p.refunded_minor
        || ', extras ' || p.extras_minor as says
    from payment p left join (
      select t.payment_id, sum(case when t.credit_account = a.id then t.amount_minor else -t.amount_minor end) as held
      from transfer t join account a on a.kind = 'foreign_money' and a.id in (t.debit_account, t.credit_account)
      group by t.payment_id
    ) h on h.payment_id = p.id
    where coalesce(h.held, 0) <> case when p.person_id is null and p.dismissed_at is not null
      then greatest(0, p.amount_minor - p.extras_minor - p.refunded_minor) else 0 end`,

  'suspense holds the unmatched payments': `
    select coalesce(a.currency, p.currency) as subject,
      'balance ' || coalesce(a.balance, 0) || ', unmatched ' || coalesce(p.unmatched, 0) as says
    from (select currency, credits_posted - debits_posted as balance from account where kind = 'suspense') a
    full join (
      select currency, sum(greatest(0, amount_minor - extras_minor - refunded_minor)) as unmatched
      from payment where person_id is null and dismissed_at is null
      group by currency
    ) p on p.currency = a.currency
    where coalesce(a.balance, 0) <> coalesce(p.unmatched, 0)`,
};

/**
 * Refunds, disputes and their transfers agree. Each query finds what breaks its invariant: a subject, and what it
 * says.
 */
export const refundInvariants: Readonly<Record<string, string>> = {
  'each refund was applied once, as it was reported': `
    select coalesce(r.id, t.id)::text as subject,
      coalesce(r.provider || ' ' || r.kind || ' ' || r.reference, 'no refund') || ', transfer '
        || coalesce(t.state, 'missing') as says
    from (select *, amount_minor - excess_minor as taken_minor from refund where applied_at is not null) r
    full join (select * from transfer where movement in ('refund-payment', 'dispute-payment')) t
      on t.source_key = 'refund/' || r.id
    left join account d on d.id = t.debit_account left join account c on c.id = t.credit_account
    left join payment p on p.id = r.payment_id
    where r.id is null
      or (p.provider, p.reference, p.currency) is distinct from (r.provider, r.payment_reference, r.currency)
      or (t.id is null) <> (r.taken_minor = 0)
      or t.id is not null and (t.state <> 'posted' or t.movement <> r.kind || '-payment'
        or t.amount_minor <> r.taken_minor or t.currency <> r.currency or t.correction_of is distinct from p.id
        or d.kind not in ('person', 'suspense', 'foreign_money')
        or d.kind = 'person' and d.owner is distinct from p.person_id::text
          and not exists (select from payment_correction k where k.payment_id = p.id and k.person_before::text = d.owner)
        or c.kind <> 'provider_clearing' or c.owner <> r.provider)`,

  'what a refund takes beyond its payment is an expense, once': `
    select coalesce(r.id, t.payment_id)::text as subject,
      'excess ' || coalesce(r.excess_minor::text, 'unknown') || ', transfer ' || coalesce(t.amount_minor::text, 'missing')
        as says
    from (select * from refund where excess_minor > 0) r
    full join (select * from transfer where movement in ('refund-excess', 'dispute-excess')) t
      on t.source_key = 'excess/' || r.id
    left join account d on d.id = t.debit_account left join account c on c.id = t.credit_account
    where r.id is null or t.state is distinct from 'posted' or t.movement <> r.kind || '-excess'
      or t.amount_minor <> r.excess_minor or t.currency <> r.currency or t.correction_of is distinct from r.payment_id
      or d.kind <> 'refund_expense' or c.kind <> 'provider_clearing' or c.owner <> r.provider`,

  'each refund that was reinstated came back once, and no other': `
    select coalesce(r.id, t.correction_of)::text as subject,
      'refund of ' || coalesce(r.amount_minor, 0) || ', came back ' || coalesce(t.amount_minor, 0) as says
    from (select * from refund where applied_at is not null and reinstated_at is not null) r
    full join (
      select t.correction_of, sum(t.amount_minor) as amount_minor, bool_and(t.state = 'posted'
        and (t.movement = 'reinstate-excess') = (c.kind = 'refund_expense')
        and c.kind in ('person', 'suspense', 'foreign_money', 'refund_expense') and d.kind = 'provider_clearing') as sound,
        min(d.owner) as provider, min(t.currency) as currency,
        min(t.movement) filter (where t.movement <> 'reinstate-excess') as movement
      from transfer t join account d on d.id = t.debit_account join account c on c.id = t.credit_account
      where t.movement in ('reinstate-refund', 'reinstate-dispute', 'reinstate-excess')
      group by t.correction_of
    ) t on t.correction_of = r.id
    where r.id is null or t.correction_of is null or not t.sound or t.amount_minor <> r.amount_minor
      or t.currency <> r.currency or t.provider <> r.provider or t.movement <> 'reinstate-' || r.kind`,

  'the refunded sum of a payment is that of its applied refunds': `
    select p.id::text as subject,
      'refunded ' || p.refunded_minor || ' and ' || p.excess_minor || ', refunds ' || coalesce(r.applied, 0) as says
    from payment p left join (
      select payment_id, sum(amount_minor) as applied from refund where state = 'applied' group by payment_id
    ) r on r.payment_id = p.id
    where p.refunded_minor <> least(coalesce(r.applied, 0), p.amount_minor)
      or p.excess_minor <> greatest(coalesce(r.applied, 0) - p.amount_minor, 0)`,

  'the expense of refunds is the excess of all payments': `
    select coalesce(a.currency, p.currency) as subject,
      'expense ' || coalesce(a.expense, 0) || ', excess ' || coalesce(p.excess, 0) as says
    from (select currency, debits_posted - credits_posted as expense from account where kind = 'refund_expense') a
    full join (
      select currency, sum(excess_minor) as excess from payment where excess_minor > 0 group by currency
    ) p on p.currency = a.currency
    where coalesce(a.expense, 0) <> coalesce(p.excess, 0)`,
};

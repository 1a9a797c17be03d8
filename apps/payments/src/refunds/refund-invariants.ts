/**
 * Refunds, disputes and their transfers agree. Each query finds what breaks its invariant: a subject, and what it
 * says.
 */
export const refundInvariants: Readonly<Record<string, string>> = {
  'each refund was applied once, as it was reported': `
    select coalesce(r.id, t.id)::text as subject,
      coalesce(r.provider || ' ' || r.kind || ' ' || r.reference, 'no refund') || ', transfer '
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

  'each refund that was reinstated came back once, and no other': `
    select coalesce(r.id, t.correction_of)::text as subject, 'transfer ' || coalesce(t.state, 'missing') as says
    from (select * from refund where applied_at is not null and reinstated_at is not null) r
    full join (select * from transfer where movement in ('reinstate-refund', 'reinstate-dispute')) t
      on t.source_key = 'reinstate/' || r.id
    left join account d on d.id = t.debit_account left join account c on c.id = t.credit_account
    where r.id is null or t.state is distinct from 'posted' or t.movement <> 'reinstate-' || r.kind
      or t.amount_minor <> r.amount_minor or t.currency <> r.currency or t.correction_of is distinct from r.id
      or c.kind not in ('person', 'suspense') or d.kind <> 'provider_clearing' or d.owner <> r.provider`,

  'the refunded sum of a payment is that of its applied refunds': `
    select p.id::text as subject, 'refunded ' || p.refunded_minor || ', refunds ' || coalesce(r.applied, 0) as says
    from payment p left join (
      select payment_id, sum(amount_minor) as applied from refund where state = 'applied' group by payment_id
    ) r on r.payment_id = p.id
    where p.refunded_minor <> coalesce(r.applied, 0)`,
};

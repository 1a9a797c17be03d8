/**
 * Corrections, payouts and their transfers agree. Each query finds what breaks its invariant: a subject, and what it
 * says.
 */
export const correctionInvariants: Readonly<Record<string, string>> = {
  'each correction of a payment moved once what it says': `
    select coalesce(k.id, t.id)::text as subject,
      coalesce(k.kind || ' ' || k.moved_minor, 'no correction') || ', transfer ' || coalesce(t.state, 'missing') as says
    from payment_correction k
    full join (select * from transfer where movement in ('correct-payment', 'reassign-payment')) t
      on t.source_key = k.kind || '/' || k.id
    left join account d on d.id = t.debit_account left join account c on c.id = t.credit_account
    left join payment p on p.id = k.payment_id
    where k.id is null or t.id is distinct from k.id or t.state is distinct from 'posted'
      or t.movement <> k.kind || '-payment' or t.amount_minor <> k.moved_minor
      or t.currency is distinct from p.currency or t.correction_of is distinct from k.payment_id
      or t.payment_id is distinct from k.payment_id
      or case
        when k.kind = 'reassign' then
          (d.kind, d.owner, c.kind, c.owner) is distinct from ('person', k.person_before::text, 'person', k.person_after::text)
        when k.amount_after_minor < k.amount_before_minor then
          (d.kind, d.owner, c.kind, c.owner) is distinct from (
            case when k.person_before is not null then 'person' when d.kind = 'foreign_money' then d.kind else 'suspense' end,
            coalesce(k.person_before::text, case when d.kind = 'foreign_money' then d.owner else 'unmatched' end),
            'provider_clearing', p.provider)
        else
          (c.kind, c.owner, d.kind, d.owner) is distinct from (
            case when k.person_before is not null then 'person' when c.kind = 'foreign_money' then c.kind else 'suspense' end,
            coalesce(k.person_before::text, case when c.kind = 'foreign_money' then c.owner else 'unmatched' end),
            'provider_clearing', p.provider)
      end`,

  'corrections of a payment lead to how it stands': `
    select k.payment_id::text as subject, 'correction ' || k.id || ' says ' || k.amount_after_minor || ' of '
      || coalesce(k.person_after::text, 'nobody') || ', then ' || k.amount_then || ' of '
      || coalesce(k.person_then::text, 'nobody') as says
    from (
      select c.*,
        coalesce(lead(c.amount_before_minor) over following, p.amount_minor) as amount_then,
        case when lead(c.id) over following is null then p.person_id
          else lead(c.person_before) over following end as person_then
      from payment_correction c join payment p on p.id = c.payment_id
      window following as (partition by c.payment_id order by c.sequence)
    ) k
    -- Suspense ends by a match, which is no correction.
    where k.amount_then <> k.amount_after_minor
      or k.person_after is not null and k.person_then is distinct from k.person_after`,

  'what an admin wrote off of an order was posted for it': `
    select w.order_id::text as subject,
      'wrote off ' || w.amount_minor || ', transfer ' || coalesce(t.amount_minor::text, 'missing') as says
    from order_write_off w left join transfer t on t.source_key = 'write-off/' || w.order_id
    where t.amount_minor is distinct from w.amount_minor or t.movement <> 'write-off'`,

  'each payout moved once what it says': `
    select coalesce(o.id, t.id)::text as subject,
      'payout ' || coalesce(o.amount_minor, 0) || ', transfer ' || coalesce(t.state, 'missing') as says
    from payout o full join (select * from transfer where movement = 'pay-out') t on t.source_key = 'payout/' || o.id
    left join account d on d.id = t.debit_account left join account c on c.id = t.credit_account
    where o.id is null or t.id is distinct from o.id or t.state is distinct from 'posted'
      or t.amount_minor <> o.amount_minor or t.currency <> o.currency
      or (d.kind, d.owner, c.kind, c.owner) is distinct from ('person', o.person_id::text, 'payouts', o.method)`,
};

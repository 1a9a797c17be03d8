/**
 * What providers signed and what was applied agree. Each query finds what breaks its invariant: a subject, and what
 * it says.
 */
export const webhookInvariants: Readonly<Record<string, string>> = {
  'I4 each payment of a provider stands for one applied event': `
    select coalesce(p.id, w.payment_id)::text as subject,
      coalesce(w.events, 0) || ' applied events, ' || case when p.id is null then 'no payment' else 'a payment' end as says
    from (select id from payment where provider not in ('cash', 'bank_transfer')) p
    full join (
      select payment_id, count(*) as events from webhook_request where verdict = 'applied' and refund_id is null
      group by payment_id
    ) w on w.payment_id = p.id
    where p.id is null or w.events is distinct from 1`,

  'each refund that is settled came with an applied event, and no other has one': `
    select coalesce(r.id, w.refund_id)::text as subject,
      case when r.id is null then 'no settled refund' else r.state end || ', ' || coalesce(w.events, 0)
        || ' applied events' as says
    from (select * from refund where state <> 'waiting' and provider not in ('cash', 'bank_transfer')) r
    full join (
      select refund_id, count(*) as events from webhook_request where verdict = 'applied' and refund_id is not null
      group by refund_id
    ) w on w.refund_id = r.id
    where w.events is null or r.id is null`,

  'each request that waits has a refund that waits': `
    select w.id::text as subject, 'refund ' || coalesce(r.state, 'missing') as says
    from webhook_request w left join refund r on r.id = w.refund_id
    where w.verdict = 'waiting' and r.state is distinct from 'waiting'`,
};

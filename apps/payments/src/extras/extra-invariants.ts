/**
 * The extras of payments and their transfers agree. Each query finds what breaks its invariant: a subject, and what it
 * says.
 */
export const extraInvariants: Readonly<Record<string, string>> = {
  'the extras of a payment are named one by one, and do not exceed it': `
    select coalesce(p.id, x.payment_id)::text as subject,
      'extras ' || coalesce(p.extras_minor, 0) || ' of ' || coalesce(p.amount_minor, 0) || ', named '
        || coalesce(x.named, 0) as says
    from (select * from payment where extras_minor <> 0) p
    full join (select payment_id, sum(amount_minor) as named from payment_extra group by payment_id) x
      on x.payment_id = p.id
    where p.extras_minor is distinct from x.named or p.extras_minor > p.amount_minor`,

  'each extra stands on its account, less what refunds took above the part of the person': `
    select coalesce(x.payment_id, t.payment_id) || ' ' || coalesce(x.kind, t.kind) as subject,
      'of ' || coalesce(x.amount_minor, 0) || ' back ' || coalesce(x.back, 0) || ', on the account '
        || coalesce(t.held, 0) as says
    from (
      select e.payment_id, e.kind, e.amount_minor,
        least(e.amount_minor, greatest(0, e.above - e.earlier)) as back
      from (
        select x.*, p.refunded_minor - (p.amount_minor - p.extras_minor) as above,
          sum(x.amount_minor) over (partition by x.payment_id order by x.kind desc) - x.amount_minor as earlier
        from payment_extra x join payment p on p.id = x.payment_id
      ) e
    ) x
    full join (
      select t.payment_id, a.kind, sum(case when t.credit_account = a.id then t.amount_minor else -t.amount_minor end) as held
      from transfer t join account a on a.id in (t.debit_account, t.credit_account)
      where a.kind in ('tax', 'shipping', 'tip') and t.state = 'posted'
      group by t.payment_id, a.kind
    ) t on t.payment_id = x.payment_id and t.kind = x.kind
    where coalesce(t.held, 0) is distinct from x.amount_minor - x.back`,
};

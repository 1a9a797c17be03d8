-- The open receivables that the spendable balances of these persons cover. Money first reaches the preferred ones, the
-- cheapest first: those that it names, and of other payments the only open one whose amount it equals. The rest reaches
-- the oldest first, up to the first one that is not covered.
-- `spender`: each person and currency with more to spend, with the newest funding of it. `named`: the orders that
-- fundings of this set name. `waiting`: the open receivables of the spenders; `equals` counts those of one amount that
-- nothing names. `equalled`: by amount, the payments that name no order of `waiting`. `preferring` and `ordered`:
-- `first_needed` and `needed` are the sums that a receivable and all before it need. The last one may lack what its
-- tolerance allows: that is written off. Those behind it get nothing then, because no tolerance is a whole amount.
create or replace function covered_receivables(fundings funding[]) returns funded_order[] language plpgsql as $$
begin
  return array(
    with given as (
      select f.* from unnest(fundings) with ordinality f
    ), spender as (
      select distinct on (person_id, currency) person_id, currency, payment_id, cause
      from given order by person_id, currency, ordinality desc
    ), named as (
      select distinct on (order_id, person_id, currency) order_id, person_id, currency, payment_id, cause
      from given where order_id is not null order by order_id, person_id, currency, ordinality desc
    ), waiting as materialized (
      select r.*, n.order_id is not null as is_named,
        case when n.order_id is null then s.payment_id else n.payment_id end as payment_id,
        case when n.order_id is null then s.cause else n.cause end as cause,
        (select a.available_minor from account a
          where a.owner = s.person_id::text and a.kind = 'person' and a.currency = s.currency) as available,
        count(*) over (partition by r.person_id, r.currency, r.amount_minor, n.order_id is null) as equals
      from spender s
      cross join lateral (
        select w.order_id, w.person_id, w.class_id, w.amount_minor, w.currency, w.tolerance_minor, w.opened_at
        from receivable w
        where w.person_id = s.person_id and w.currency = s.currency and w.state = 'open' and w.amount_minor > 0
        offset 0
      ) r
      left join named n on n.order_id = r.order_id and n.person_id = r.person_id and n.currency = r.currency
    ), equalled as (
      select distinct on (g.person_id, g.currency, g.amount_minor) g.*
      from given g left join waiting w on w.order_id = g.order_id and w.person_id = g.person_id
        and w.currency = g.currency
      where g.amount_minor is not null and w.order_id is null
      order by g.person_id, g.currency, g.amount_minor, g.ordinality desc
    ), preferring as (
      select w.order_id, w.person_id, w.class_id, w.amount_minor, w.currency, w.tolerance_minor, w.opened_at, w.available,
        case when e.amount_minor is null then w.payment_id else e.payment_id end as payment_id,
        case when e.amount_minor is null then w.cause else e.cause end as cause,
        case when w.is_named or e.amount_minor is not null then sum(w.amount_minor) over (
          partition by w.person_id, w.currency, w.is_named or e.amount_minor is not null
          order by w.amount_minor, w.opened_at, w.order_id rows unbounded preceding
        ) end as first_needed
      from waiting w
      left join equalled e on e.person_id = w.person_id and e.currency = w.currency
        and e.amount_minor = w.amount_minor and w.equals = 1 and not w.is_named
    ), ordered as (
      select p.*, sum(p.amount_minor) over (
        partition by p.person_id, p.currency
        order by case when p.first_needed - p.tolerance_minor <= p.available then p.first_needed end,
          p.opened_at, p.order_id rows unbounded preceding
      ) as needed
      from preferring p
    )
    select funded_order_of(
      order_id => o.order_id, person_id => o.person_id, class_id => o.class_id, amount_minor => o.amount_minor,
      currency => o.currency, transfer_id => uuid_v7(), payment_id => o.payment_id,
      written_off_minor => greatest(o.needed - o.available, 0)::bigint, cause => o.cause)
    from ordered o where o.needed - o.tolerance_minor <= o.available
    order by o.person_id, o.currency, o.needed);
end $$;

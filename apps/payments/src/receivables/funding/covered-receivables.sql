-- The open receivables that the spendable balances of these persons cover, in the order in which money reaches them.
-- `spender`: each person and currency with more to spend, with the newest funding of it. `named`: the orders that
-- payments of this set named. `waiting`: the open receivables of the spenders, each with the sum that it and all before
-- it need.
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
    ), waiting as (
      select r.*,
        case when n.order_id is null then s.payment_id else n.payment_id end as payment_id,
        case when n.order_id is null then s.cause else n.cause end as cause,
        (select a.available_minor from account a
          where a.owner = s.person_id::text and a.kind = 'person' and a.currency = s.currency) as available,
        sum(r.amount_minor) over (
          partition by r.person_id, r.currency order by (n.order_id is null), r.opened_at, r.order_id
          rows unbounded preceding
        ) as needed
      from spender s
      cross join lateral (
        select w.order_id, w.person_id, w.class_id, w.amount_minor, w.currency, w.opened_at
        from receivable w
        where w.person_id = s.person_id and w.currency = s.currency and w.state = 'open' and w.amount_minor > 0
        offset 0
      ) r
      left join named n on n.order_id = r.order_id and n.person_id = r.person_id and n.currency = r.currency
    )
    select funded_order_of(
      order_id => w.order_id, person_id => w.person_id, class_id => w.class_id, amount_minor => w.amount_minor,
      currency => w.currency, transfer_id => uuid_v7(), payment_id => w.payment_id, cause => w.cause)
    from waiting w where w.needed <= w.available
    order by w.person_id, w.currency, w.needed);
end $$;

-- Adds names to payments in suspense: a repeat may carry a name that the first notice lacked. The money moves when
-- somebody is known by it. Repeats that contradict the payment add nothing. Under the ledger's lock.
create or replace function complete_payments(notices payment_notice[], at timestamptz) returns void
language plpgsql as $$
declare
  turn payment_names[];
  named payment_names[] := '{}';
begin
  -- Each turn takes one repeat per payment: one of them may name the person, and another the order.
  loop
    turn := array(
      select distinct on (p.id) payment_names_of(
        payment_id => p.id, person_named => coalesce(p.person_named, n.person_named),
        order_named => coalesce(p.order_named, n.order_named), cause => n.cause)
      from unnest(notices) n
      cross join lateral (
        select q.id, q.person_named, q.order_named from payment q
        where q.provider = n.provider and q.reference = n.reference and q.amount_minor = n.amount_minor
          and q.currency = n.currency and q.person_id is null
        offset 0
      ) p
      where coalesce(n.person_named = p.person_named, true) and coalesce(n.order_named = p.order_named, true)
        and (p.person_named is null and n.person_named is not null
          or p.order_named is null and n.order_named is not null)
      order by p.id, n.position);
    exit when turn = '{}';
    update payment p set
      person_named = (select t.person_named from unnest(turn) t where t.payment_id = p.id),
      order_named = (select t.order_named from unnest(turn) t where t.payment_id = p.id)
    where p.id = any (array(select t.payment_id from unnest(turn) t));
    named := turn || named;
  end loop;
  if named <> '{}' then
    perform publish_credit_applied(fund_receivables(allocate_payments(array(
      select allocation_of(payment_id => m.payment_id, person_id => m.person_id, cause => m.cause)
      from (
        select l.payment_id, l.cause, case when l.person_named is null
          then (select r.person_id from receivable r where r.order_id = id_or_null(l.order_named))
          else (select k.person_id from person k where k.person_id = id_or_null(l.person_named)) end as person_id
        from (
          select distinct on (n.payment_id) n.* from unnest(named) with ordinality n
          order by n.payment_id, n.ordinality
        ) l
      ) m where m.person_id is not null), at), at), at);
  end if;
end $$;

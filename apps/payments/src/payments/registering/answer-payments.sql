-- The answer to each notice, in order. A notice that is not `registered` is compared with the payment that has its
-- reference: a name that the notice leaves out contradicts nothing, nor does an order that only stands in for a name. The
-- person whose the payment is counts as named.
create or replace function answer_payments(notices payment_notice[], credited new_payment[])
returns setof payment_answer
language plpgsql as $$
begin
  if cardinality(credited) = cardinality(notices) then
    return query select c.position, 'registered', c.payment_id from unnest(credited) c order by c.position;
    return;
  end if;
  return query
  select n.position,
    case
      when c.payment_id is not null then 'registered'
      when n.amount_minor = p.amount_minor and n.currency = p.currency
        and (coalesce(n.order_named = p.order_named, true) or n.order_stands_in)
        and coalesce(n.person_named = coalesce(p.person_named, p.person_id::text), true)
        and extras_agree(n, p.id)
        then 'duplicate'
      else 'conflict'
    end,
    p.id
  from unnest(notices) n
  left join unnest(credited) c on c.position = n.position
  cross join lateral (
    select q.id, q.amount_minor, q.currency, q.person_named, q.order_named, q.person_id from payment q
    where q.provider = n.provider and q.reference = n.reference offset 0
  ) p
  order by n.position;
end $$;

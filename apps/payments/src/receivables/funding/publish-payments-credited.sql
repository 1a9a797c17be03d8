-- Publishes payment-credited for each payment that a person got after its registration. When the order that it names
-- has no money, with what the person can spend: the order may have ended before the money came.
create or replace function publish_payments_credited(credited funding[], at timestamptz) returns void
language sql as $$
  insert into outbox (type, subject, data, traceparent, correlation_id, causation_id, author)
  select 'payments.payment-credited.v1', c.payment_id::text, json_build_object(
      'payment_id', c.payment_id, 'person_id', c.person_id, 'order_id', c.order_id, 'amount_minor', c.amount_minor,
      'currency', c.currency,
      'available_minor', case when c.order_id is not null and not exists (
        select from receivable r where r.order_id = c.order_id and r.state in ('reserved', 'settled')) then (
        select a.available_minor from account a
        where a.owner = c.person_id::text and a.kind = 'person' and a.currency = c.currency) end,
      'received_at', wire_time(coalesce(p.received_at, p.registered_at)), 'credited_at', wire_time(at)),
    (c.cause).traceparent, (c.cause).correlation_id, (c.cause).causation_id, (c.cause).author
  from unnest(credited) c
  cross join lateral (select q.received_at, q.registered_at from payment q where q.id = c.payment_id offset 0) p
  order by c.payment_id
$$;

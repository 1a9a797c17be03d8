-- Publishes payment-registered for each payment, with the orders that it has funded. When the order that it names is
-- not one of them, with what the person can spend: the order may have ended before the money came.
-- A payment is published once, so its id is the id of the message.
create or replace function publish_payments_registered(credited new_payment[], funded funded_order[], at timestamptz)
returns void
language plpgsql as $$
declare
  registered_at text := wire_time(at);
begin
  insert into outbox (message_id, type, subject, data, traceparent, correlation_id, causation_id, author)
  select p.payment_id, 'payments.payment-registered.v1', p.payment_id::text, row_to_json((select data from (select
      p.payment_id, p.provider, p.person_id, p.order_id, p.amount_minor, p.currency, p.funded_orders,
      p.account_version, p.available_minor, p.received_at, registered_at) data)),
    (p.cause).traceparent, (p.cause).correlation_id, (p.cause).causation_id, (p.cause).author
  from (
    select c.*, coalesce(f.orders, '[]') as funded_orders,
      case when c.order_id is not null and (c.order_id = any (f.order_ids)) is not true then (
        select a.available_minor from account a
        where a.owner = c.person_id::text and a.kind = 'person' and a.currency = c.currency) end as available_minor,
      case when c.order_id is not null and (c.order_id = any (f.order_ids)) is not true then (
        select wire_time(q.received_at) from payment q where q.id = c.payment_id) end as received_at
    from unnest(credited) c
    left join (
      select o.payment_id, array_agg(o.order_id) as order_ids, json_agg(json_build_object(
        'order_id', o.order_id, 'amount_minor', o.amount_minor, 'transfer_id', o.transfer_id)) as orders
      from unnest(funded) o group by o.payment_id
    ) f on f.payment_id = c.payment_id
  ) p
  order by p.payment_id;
end $$;

-- Publishes order-settled for each reservation that was posted, caused by the order's event.
-- A transfer is posted once, so its id is the id of the message.
create or replace function publish_orders_settled(orders order_event[], posted transfer[], at timestamptz) returns void
language plpgsql as $$
declare
  settled_at text := wire_time(at);
begin
  insert into outbox (message_id, type, subject, data, traceparent, correlation_id, causation_id)
  select t.id, 'payments.order-settled.v1', o.order_id::text, row_to_json((select data from (select
      o.order_id, o.person_id, o.class_id, t.amount_minor, t.currency, t.id as transfer_id, settled_at) data)),
    (o.cause).traceparent, (o.cause).correlation_id, (o.cause).causation_id
  from unnest(posted) t
  join (select distinct on (e.order_id) e.* from unnest(orders) e) o on o.order_id = t.order_id
  order by o.order_id;
end $$;

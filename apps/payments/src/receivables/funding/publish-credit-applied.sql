-- Publishes credit-applied for each of these orders: money that was there already covers it.
create or replace function publish_credit_applied(funded funded_order[], at timestamptz) returns void
language sql as $$
  insert into outbox (type, subject, data, traceparent, correlation_id, causation_id, author)
  select 'payments.credit-applied.v1', f.order_id::text, json_build_object(
      'order_id', f.order_id, 'person_id', f.person_id, 'amount_minor', f.amount_minor, 'currency', f.currency,
      'transfer_id', f.transfer_id, 'applied_at', wire_time(at)),
    (f.cause).traceparent, (f.cause).correlation_id, (f.cause).causation_id, (f.cause).author
  from unnest(funded) f
  where cardinality(funded) > 0
$$;

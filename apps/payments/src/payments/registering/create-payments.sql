-- Keeps the payments of these notices that are new, with whose they are: the named person's, else the named order's
-- person's, else nobody's yet. Under the ledger's lock.
-- The unique key (reference, provider) decides which payment is new, inside the set too.
create or replace function create_payments(notices payment_notice[], at timestamptz) returns new_payment[]
language plpgsql as $$
declare
  -- Drawn under the lock, so that ids are in the order of the movements.
  first_id text := uuid_v7()::text;
  created new_payment[];
begin
  with noticed as materialized (
    select uuid_after(first_id, n.position) as payment_id, n.*,
      coalesce(n.tax_minor, 0) + coalesce(n.shipping_minor, 0) + coalesce(n.tip_minor, 0) as extras_minor,
      case when n.person_named is null
      then (select r.person_id from receivable r where r.order_id = n.order_id)
      else (select p.person_id from person p where p.person_id = id_or_null(n.person_named)) end as person_id
    from (select m.*, id_or_null(m.order_named) as order_id from unnest(notices) m offset 0) n
  ), inserted as (
    insert into payment
      (id, provider, reference, amount_minor, currency, person_named, order_named, order_stands_in, person_id,
        registered_at, received_at, note, extras_minor)
    select n.payment_id, n.provider, n.reference, n.amount_minor, n.currency, n.person_named, n.order_named,
      coalesce(n.order_stands_in, false), n.person_id, at, n.received_at, n.note, n.extras_minor
    from noticed n
    on conflict (provider, reference) do nothing returning id
  )
  select coalesce(array_agg(new_payment_of(
      "position" => n.position, payment_id => n.payment_id, provider => n.provider, reference => n.reference,
      amount_minor => n.amount_minor, currency => n.currency, order_id => n.order_id, person_id => n.person_id,
      payee_kind => case when n.person_id is null then 'suspense' else 'person' end,
      payee => coalesce(n.person_id::text, 'unmatched'), cause => n.cause, extras_minor => n.extras_minor,
      tax_minor => n.tax_minor, shipping_minor => n.shipping_minor, tip_minor => n.tip_minor) order by n.position), '{}')
  into created from noticed n join inserted i on i.id = n.payment_id;
  return created;
end $$;

-- Adds a receivable, in `first_state`, for each order that has none yet, and projects its person. Under the ledger's
-- lock. Every event of an order carries all of it, so any of them can be the first; receivables that exist stay.
-- Returns the payments in suspense that named these orders or persons: the caller allocates them.
create or replace function project_orders(orders order_event[], first_state text, at timestamptz) returns payment_match[]
language plpgsql as $$
declare
  added order_event[];
begin
  added := array(
    select distinct on (o.order_id) o from unnest(orders) o
    where (select r.order_id from receivable r where r.order_id = o.order_id) is null
    order by o.order_id);
  -- The persons of orders that have a receivable were projected with it.
  if added = '{}' then
    return array[]::payment_match[];
  end if;
  insert into receivable
    (order_id, person_id, class_id, amount_minor, currency, tolerance_minor, state, opened_at, resolved_at, reason)
  select o.order_id, o.person_id, o.class_id, o.amount_minor, o.currency, o.tolerance_minor, first_state, o.opened_at,
    case when first_state <> 'open' then at end, case when first_state <> 'open' then o.reason end
  from unnest(added) o;
  return project_persons(array(
    select known_person_of(person_id => o.person_id, cause => o.cause) from unnest(added) o), added, at);
end $$;

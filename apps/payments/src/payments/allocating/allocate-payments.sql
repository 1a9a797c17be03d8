-- Moves payments out of suspense: suspense → person, posted. Under the ledger's lock. Payments that have a person stay.
-- What of a payment was refunded has left suspense before, and does not move.
-- Returns who can spend more by that: the caller funds receivables with it.
create or replace function allocate_payments(allocations payment_allocation[], at timestamptz) returns funding[]
language plpgsql as $$
declare
  allocated payment[];
  postings transfer[];
begin
  with changed as (
    update payment p set matched_at = at,
      person_id = (select a.person_id from unnest(allocations) a where a.payment_id = p.id limit 1),
      assigned_by = (select a.assigned_by from unnest(allocations) a where a.payment_id = p.id limit 1)
    where p.id = any (array(select a.payment_id from unnest(allocations) a)) and p.person_id is null
    returning p as payment
  )
  select coalesce(array_agg(c.payment) filter (where (c.payment).refunded_minor < (c.payment).amount_minor), '{}')
  into allocated from changed c;
  if allocated = '{}' then
    return '{}';
  end if;
  loop
    postings := array(
      select transfer_of(
        source_key => 'match/' || p.id, movement => 'match-payment', state => 'posted',
        debit_account => (select a.id from account a
          where a.owner = 'unmatched' and a.kind = 'suspense' and a.currency = p.currency),
        credit_account => (select a.id from account a
          where a.owner = p.person_id::text and a.kind = 'person' and a.currency = p.currency),
        amount_minor => p.amount_minor - p.refunded_minor, currency => p.currency, id => uuid_v7(),
        order_id => id_or_null(p.order_named), payment_id => p.id)
      from unnest(allocated) p);
    exit when accounts_are_open(postings);
    perform open_accounts(array(
      select account_key_of(kind => 'person', owner => p.person_id::text, currency => p.currency)
      from unnest(allocated) p), at);
  end loop;
  perform ledger_post(postings, at);
  return array(
    select funding_of(
      person_id => p.person_id, currency => p.currency, order_id => id_or_null(p.order_named), payment_id => p.id,
      cause => (select a.cause from unnest(allocations) a where a.payment_id = p.id limit 1))
    from unnest(allocated) p order by p.id);
end $$;

-- A transfer for ledger_post, by named arguments; ledger_post sets the times.
-- Each argument is used once, so that Postgres inlines the call.
create or replace function transfer_of(
  source_key text, movement text, debit_account bigint, credit_account bigint, amount_minor bigint, currency text,
  state text, id uuid, order_id uuid default null, payment_id uuid default null, correction_of uuid default null
) returns transfer language sql immutable as $$
  select row(id, source_key, movement, debit_account, credit_account, amount_minor, currency, state,
    order_id, payment_id, correction_of, null::timestamptz, null::timestamptz)::transfer
$$;

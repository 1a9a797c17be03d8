-- Registers payments in one statement: keeps those that are new, credits them, funds receivables and publishes
-- payment-registered. Takes the ledger's lock. Returns one answer per notice: `registered`, `duplicate`, or `conflict`
-- when the notice contradicts the payment that has its reference and changed nothing.
-- Raises MR001, and nothing has happened, when a refund waits for one of the payments, or a notice adds a name to money in
-- suspense or an extra to a payment: the caller then runs the set in steps.
create or replace function register_payments(notices payment_notice[], at timestamptz) returns setof payment_answer
language plpgsql
set plan_cache_mode = force_generic_plan set jit = off set enable_seqscan = off set enable_mergejoin = off
set enable_nestloop = off set enable_hashjoin = on
as $$
declare
  credited new_payment[];
begin
  perform ledger_lock();
  credited := credit_payments(notices, at);
  if refund_waits(credited)
    or cardinality(credited) < cardinality(notices) and (name_is_added(notices) or extra_is_added(notices)) then
    raise exception 'payments: this set has to be registered in steps' using errcode = 'MR001';
  end if;
  if credited <> '{}' then
    perform fund_payments(credited, at);
  end if;
  return query select * from answer_payments(notices, credited);
end $$;

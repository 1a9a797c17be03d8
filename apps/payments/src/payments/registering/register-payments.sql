-- Registers payments: keeps those that are new, credits them, funds receivables and publishes payment-registered.
-- Takes the ledger's lock. Returns one answer per notice: `registered`, `duplicate`, or `conflict` when the notice
-- contradicts the payment that has its reference and changed nothing.
-- A notice that is a repeat may add a name to a payment in suspense (complete_payments).
create or replace function register_payments(notices payment_notice[], at timestamptz) returns setof payment_answer
language plpgsql
set plan_cache_mode = force_generic_plan set jit = off set enable_seqscan = off set enable_mergejoin = off
set enable_nestloop = off set enable_hashjoin = on
as $$
declare
  credited new_payment[];
  refunded refund_move[];
begin
  perform ledger_lock();
  credited := credit_payments(notices, at);
  if credited <> '{}' then
    -- A refund that came before its payment is applied before the payment funds anything.
    refunded := apply_waiting_refunds(credited, at);
    perform fund_payments(credited, at);
    perform publish_refunds(refunded, at);
  end if;
  if cardinality(credited) < cardinality(notices) then
    perform complete_payments(notices, at);
  end if;
  return query select * from answer_payments(notices, credited);
end $$;

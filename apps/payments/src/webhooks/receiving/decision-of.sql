-- The row that is kept for a request, and the earlier request that it settles, by named arguments.
create or replace function decision_of(
  "position" bigint, id uuid, admitted boolean, verdict text, reason text, payment_id uuid, refund_id uuid, settles uuid
) returns webhook_decision language sql immutable as $$
  select row("position", id, admitted, verdict, reason, payment_id, refund_id, settles)::webhook_decision
$$;

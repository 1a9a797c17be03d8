-- Keeps requests whose signature was good and registers the payments that they carry, in one statement: all of it
-- happens or nothing does. Takes the ledger's lock. Returns one verdict per request. No request carries a refund.
-- Raises MR001, and nothing has happened, when the payments have to be registered in steps (register_payments) or an
-- earlier request is settled: the caller then runs the set in steps.
-- `bodies` are in the order of the requests. `classified`: what is decided before money is looked at. `paid`: what the
-- ledger answers to requests that carry a payment. `decided`: the rows that are kept.
create or replace function receive_webhooks(requests webhook_notice[], bodies bytea[], at timestamptz)
returns setof webhook_answer
language plpgsql
set plan_cache_mode = force_generic_plan set jit = off set enable_seqscan = off set enable_mergejoin = off
set enable_nestloop = off set enable_hashjoin = on
as $$
declare
  classified webhook_classification[];
  paying payment_notice[];
  paid payment_answer[] := array[]::payment_answer[];
  decided webhook_decision[];
begin
  perform ledger_lock();
  classified := classify_requests(requests);
  paying := array(
    select r.payment from unnest(requests) r join unnest(classified) c on c.position = r.position
    where c.classification = 'payment' order by r.position);
  if paying <> '{}' then
    paid := array(select p::payment_answer from register_payments(paying, at) p);
  end if;
  decided := decide_requests(requests, classified, paid, array[]::refund_answer[]);
  perform keep_requests(requests, bodies, decided, at);
  if request_is_settled(requests, bodies, decided) then
    raise exception 'webhooks: this set has to be received in steps' using errcode = 'MR001';
  end if;
  return query select d.position, d.verdict, d.reason, d.payment_id from unnest(decided) d order by d.position;
end $$;

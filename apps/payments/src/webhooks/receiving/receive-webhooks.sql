-- Keeps requests whose signature was good, registers the payments and moves the refunds that they carry. Takes the
-- ledger's lock; all of it happens or nothing does. Returns one verdict per request.
-- `bodies` are in the order of the requests. `refunds` name their requests by position. `classified`: what is decided
-- before money is looked at. `paid` and `refunded`: what the ledger answers to requests that carry money. `decided`: the
-- rows that are kept.
create or replace function receive_webhooks(
  requests webhook_notice[], bodies bytea[], refunds refund_notice[], at timestamptz
) returns setof webhook_answer
language plpgsql
set plan_cache_mode = force_generic_plan set jit = off set enable_seqscan = off set enable_mergejoin = off
set enable_nestloop = off set enable_hashjoin = on
as $$
declare
  classified webhook_classification[];
  paying payment_notice[];
  paid payment_answer[] := array[]::payment_answer[];
  refunded refund_answer[] := array[]::refund_answer[];
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
  -- After the payments: they may be those that are refunded.
  if refunds <> '{}' then
    refunded := record_refunds(array(
      select n from unnest(refunds) n join unnest(classified) c on c.position = n.request
      where c.classification = 'refund' order by n.request), at);
  end if;
  decided := decide_requests(requests, classified, paid, refunded);
  perform keep_requests(requests, bodies, decided, at);
  perform settle_notifications(requests, bodies, decided);
  return query select d.position, d.verdict, d.reason, d.payment_id from unnest(decided) d order by d.position;
end $$;

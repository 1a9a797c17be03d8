-- Takes the ledger's lock until the transaction ends: one transaction at a time moves money.
-- Throughput comes from the size of the sets; several writers would only wait for each other's hot rows. In return no
-- movement deadlocks, a payment and its order cannot miss each other, and outbox ids grow in the order of the commits.
create or replace function ledger_lock() returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtext('matricula.ledger'));
end $$;

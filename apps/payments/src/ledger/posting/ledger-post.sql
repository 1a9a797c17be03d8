-- Writes transfers, pending or posted, and carries them into balances and entries. Under the ledger's lock.
-- A source key that exists already, in the table or twice in the set, moves nothing again. With other content it fails,
-- and so does the whole transaction. A transfer without a source key is that of a payment, whose id it has: it fails
-- when that id exists.
create or replace function ledger_post(postings transfer[], at timestamptz) returns void language plpgsql as $$
declare
  written transfer[];
begin
  with inserted as (
    insert into transfer
      (id, source_key, movement, debit_account, credit_account, amount_minor, currency, state, order_id, payment_id,
        correction_of, created_at, resolved_at)
    select p.id, p.source_key, p.movement, p.debit_account, p.credit_account, p.amount_minor, p.currency, p.state,
      p.order_id, p.payment_id, p.correction_of, at, case when p.state <> 'pending' then at end
    from unnest(postings) p
    on conflict (source_key) where source_key is not null do nothing
    returning transfer
  )
  select array(select i.transfer from inserted i) into written;
  perform ledger_carry(written, false, at);
  if cardinality(written) < cardinality(postings) and exists (
    select from unnest(postings) p
    where (p.movement, p.debit_account, p.credit_account, p.amount_minor, p.currency) is distinct from (
      select (t.movement, t.debit_account, t.credit_account, t.amount_minor, t.currency)
      from transfer t where t.source_key = p.source_key)
  ) then
    raise exception 'ledger: a source key comes back with other content' using errcode = 'unique_violation';
  end if;
end $$;

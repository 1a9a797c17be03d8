-- Posts or voids (`outcome`) the pending transfers of these source keys, all of them, or fails. Returns them as they
-- are then. Under the ledger's lock.
create or replace function ledger_resolve(source_keys text[], outcome text, at timestamptz) returns transfer[]
language plpgsql as $$
declare
  resolved transfer[];
begin
  with updated as (
    update transfer set state = outcome, resolved_at = at
    where source_key = any (source_keys) and state = 'pending' returning transfer
  )
  select array(select u.transfer from updated u) into resolved;
  perform ledger_carry(resolved, true, at);
  if cardinality(resolved) <> cardinality(source_keys) then
    raise exception 'ledger: % of % transfers are pending', cardinality(resolved), cardinality(source_keys)
      using errcode = 'integrity_constraint_violation';
  end if;
  return resolved;
end $$;

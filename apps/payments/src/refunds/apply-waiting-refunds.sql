-- Applies the refunds that came before their payments, now that these payments are credited. Under the ledger's lock.
create or replace function apply_waiting_refunds(credited new_payment[], at timestamptz) returns refund_move[]
language plpgsql as $$
begin
  if not exists (select from refund where state = 'waiting') then
    return '{}';
  end if;
  return apply_refunds(array(
    select row(w.id, p.cause)::refund_due
    from unnest(credited) p
    cross join lateral (
      select r.id from refund r
      where r.state = 'waiting' and r.provider = p.provider and r.payment_reference = p.reference offset 0
    ) w), at);
end $$;

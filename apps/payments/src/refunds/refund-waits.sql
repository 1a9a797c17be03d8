-- Whether a refund that came before its payment waits for one of these payments.
create or replace function refund_waits(credited new_payment[]) returns boolean language plpgsql as $$
begin
  -- Mostly no refund waits at all.
  return exists (select from refund where state = 'waiting') and exists (
    select from unnest(credited) p where exists (
      select from refund r
      where r.state = 'waiting' and r.provider = p.provider and r.payment_reference = p.reference offset 0));
end $$;

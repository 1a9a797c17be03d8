-- Whether one of these notices names an extra that its payment, which was registered before, lacks.
create or replace function extra_is_added(notices payment_notice[]) returns boolean language plpgsql as $$
begin
  return exists (
    select from unnest(notices) n
    where coalesce(n.tax_minor, n.shipping_minor, n.tip_minor) is not null and exists (
      select from payment p
      where p.provider = n.provider and p.reference = n.reference and exists (
        select from extras_of_notice(n) e
        where (select x.payment_id from payment_extra x where x.payment_id = p.id and x.kind = e.kind) is null)
      offset 0));
end $$;

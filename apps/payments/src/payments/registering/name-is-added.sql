-- Whether one of these notices names the person or the order of a payment in suspense that lacks that name. An order that
-- only stands in for a name is replaced by a name.
create or replace function name_is_added(notices payment_notice[]) returns boolean language plpgsql as $$
begin
  return exists (
    select from unnest(notices) n where exists (
      select from payment p
      where p.provider = n.provider and p.reference = n.reference and p.person_id is null
        and (p.person_named is null and n.person_named is not null
          or p.order_named is null and n.order_named is not null
          or p.order_stands_in and n.order_named is not null and n.order_stands_in is not true) offset 0));
end $$;

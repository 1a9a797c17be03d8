-- The extras that a notice names.
create or replace function extras_of_notice(notice payment_notice) returns table (kind text, amount_minor bigint)
language sql immutable as $$
  select e.kind, e.amount_minor
  from (values ('tax', notice.tax_minor), ('shipping', notice.shipping_minor), ('tip', notice.tip_minor))
    e (kind, amount_minor)
  where e.amount_minor > 0
$$;

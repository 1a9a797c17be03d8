-- Whether a payment has the extras that a notice of it names. A notice that names none contradicts nothing.
create or replace function extras_agree(notice payment_notice, noticed_payment uuid) returns boolean
language plpgsql as $$
begin
  return coalesce(notice.tax_minor, notice.shipping_minor, notice.tip_minor) is null or not exists (
    select from extras_of_notice(notice) e
    where e.amount_minor is distinct from (
      select x.amount_minor from payment_extra x where x.payment_id = noticed_payment and x.kind = e.kind));
end $$;

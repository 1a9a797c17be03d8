-- These payments with their accounts, as far as those are open, and with the version of the person's account that the
-- entry of each will have. Under the ledger's lock.
create or replace function with_accounts(created new_payment[]) returns new_payment[] language plpgsql as $$
begin
  return array(
    with clearing as materialized (
      select k.provider, k.currency, (select a.id from account a
        where a.owner = k.provider and a.kind = 'provider_clearing' and a.currency = k.currency) as account_id
      from (select distinct p.provider, p.currency from unnest(created) p) k
    )
    select new_payment_of(
      "position" => p.position, payment_id => p.payment_id, provider => p.provider, reference => p.reference,
      amount_minor => p.amount_minor, currency => p.currency, order_id => p.order_id, person_id => p.person_id,
      payee_kind => p.payee_kind, payee => p.payee, cause => p.cause, extras_minor => p.extras_minor,
      tax_minor => p.tax_minor, shipping_minor => p.shipping_minor, tip_minor => p.tip_minor,
      clearing_account => c.account_id, payee_account => a.id,
      account_version => case when p.person_id is not null then
        a.version + row_number() over (partition by a.id order by p.payment_id) end)
    from unnest(created) p
    join clearing c on c.provider = p.provider and c.currency = p.currency
    left join lateral (
      select a.id, a.version from account a
      where a.owner = p.payee and a.kind = p.payee_kind and a.currency = p.currency offset 0
    ) a on true
    order by p.position);
end $$;

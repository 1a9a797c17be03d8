-- Funds receivables with payments that were credited, and publishes payment-registered for each payment.
-- Under the ledger's lock.
create or replace function fund_payments(credited new_payment[], at timestamptz) returns void
language plpgsql as $$
begin
  perform publish_payments_registered(credited, fund_receivables(array(
    select funding_of(
      person_id => p.person_id, currency => p.currency, order_id => p.order_id, payment_id => p.payment_id,
      amount_minor => p.amount_minor - p.extras_minor, cause => p.cause)
    from unnest(credited) p where p.person_id is not null order by p.position), at), at);
end $$;

-- A payment of this set that is new, by named arguments; the accounts and the version are known after it was credited.
create or replace function new_payment_of(
  "position" bigint, payment_id uuid, provider text, reference text, amount_minor bigint, currency text, order_id uuid,
  person_id uuid, payee_kind text, payee text, cause cause, extras_minor bigint, tax_minor bigint, shipping_minor bigint,
  tip_minor bigint, clearing_account bigint default null, payee_account bigint default null,
  account_version bigint default null
) returns new_payment language sql immutable as $$
  select row("position", payment_id, provider, reference, amount_minor, currency, order_id, person_id, payee_kind, payee,
    clearing_account, payee_account, account_version, extras_minor, tax_minor, shipping_minor, tip_minor, cause
  )::new_payment
$$;

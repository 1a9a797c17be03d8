/**
 * Money that went back to the payer at the provider: refunds and disputes, as the provider told of them. `waiting` is a
 * return whose payment is not known yet, or whose payment has not that much left; it moves nothing until it is and has.
 */
export const returnTables = [
  `create table payment_return (
     id uuid primary key,
     provider text collate "C" not null,
     kind text not null check (kind in ('refund', 'dispute')),
     reference text collate "C" not null,
     payment_reference text collate "C" not null,
     amount_minor bigint not null check (amount_minor between 1 and 1000000000000),
     currency text collate "C" not null,
     state text not null check (state in ('waiting', 'taken', 'given_back')),
     payment_id uuid,
     owed_minor bigint check (owed_minor between 0 and amount_minor),
     heard_at timestamptz not null,
     taken_at timestamptz,
     given_back_at timestamptz,
     -- In which order they were heard of, whatever the clocks say.
     nth bigint generated always as identity,
     unique (provider, kind, reference),
     check ((payment_id is null) = (taken_at is null) and (owed_minor is null) = (taken_at is null)),
     check ((state = 'given_back') = (given_back_at is not null)),
     check (state <> 'taken' or taken_at is not null),
     check (state <> 'waiting' or taken_at is null)
   ) with (fillfactor = 80)`,
  `comment on column payment_return.owed_minor is 'What the person did not have when it was taken, and owes us since.'`,
  `create index payment_return_waiting on payment_return (provider, payment_reference) where state = 'waiting'`,
  `create index payment_return_of_payment on payment_return (payment_id) where payment_id is not null`,

  `alter table payment add column returned_minor bigint not null default 0
     check (returned_minor between 0 and amount_minor)`,
  `comment on column payment.returned_minor is 'What is back at the payer: the sum of its returns that are taken.'`,

  `alter table webhook_request add column return_id uuid`,
  `create index webhook_of_return on webhook_request (return_id) where return_id is not null`,

  `alter table account drop constraint account_kind_check`,
  `alter table account add constraint account_kind_check
     check (kind in ('provider_clearing', 'person', 'class', 'suspense', 'promotion_expense', 'claim'))`,
  `alter table account add constraint claim_never_overpaid check (kind <> 'claim' or debits_posted >= credits_posted)`,
  `create index account_claim on account (owner, currency) where kind = 'claim'`,
];

/**
 * The bonuses that promotions told of. One that was taken back before it was heard of leaves its row here, and its
 * earning then moves nothing.
 */
export const bonusTables = [
  `create table bonus (
     id uuid primary key,
     person_id uuid not null,
     amount_minor bigint not null check (amount_minor between 1 and 1000000000000),
     currency text collate "C" not null,
     granted_at timestamptz,
     reversed_at timestamptz,
     reason text,
     taken_back_minor bigint not null default 0 check (taken_back_minor between 0 and amount_minor),
     check (granted_at is not null or reversed_at is not null),
     check ((reversed_at is null) = (reason is null)),
     check (taken_back_minor = 0 or (granted_at is not null and reversed_at is not null))
   ) with (fillfactor = 80)`,
  `comment on column bonus.taken_back_minor is
     'Of a reversed bonus, what the person still had; the rest of amount_minor stays an expense.'`,
  `alter table account drop constraint account_kind_check`,
  `alter table account add constraint account_kind_check
     check (kind in ('provider_clearing', 'person', 'class', 'suspense', 'promotion_expense'))`,
];

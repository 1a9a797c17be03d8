/**
 * Who used which code for what, and what each decision was. All of it is written under the lock of the code's row.
 *
 * Foreign keys are left out on purpose, as in the ledger: they would lock and check a row for each of a set's rows.
 * `npm run verify` proves that counters, uses and entries say the same.
 */
export const redemptionTables = [
  `create table promo_code_person_use (
     code_id uuid not null,
     person_id uuid not null,
     uses bigint not null check (uses >= 0),
     primary key (code_id, person_id)
   ) with (fillfactor = 80)`,
  `comment on table promo_code_person_use is 'How many slots of a code each person has, held ones included.'`,
  `create index promo_code_person_use_of_person on promo_code_person_use (person_id)`,

  `create table promo_code_offer_use (
     code_id uuid not null,
     offer_id text collate "C" not null,
     uses bigint not null check (uses >= 0),
     primary key (code_id, offer_id)
   ) with (fillfactor = 50)`,

  `create table promo_use (
     id uuid primary key,
     code_id uuid not null,
     person_id uuid not null,
     offer_id text,
     order_id uuid,
     conversion_id text,
     state text not null check (state in ('held', 'redeemed', 'released', 'lapsed', 'reversed')),
     keeps_slot boolean not null default true,
     benefit_minor bigint not null check (benefit_minor >= 0),
     currency text,
     price_minor bigint,
     explanation text not null default '',
     applied_at timestamptz not null,
     held_at timestamptz,
     lapses_at timestamptz,
     redeemed_at timestamptz,
     ended_at timestamptz,
     end_reason text,
     constraint state_and_instants check (
       case state
         when 'held' then redeemed_at is null and ended_at is null and keeps_slot
         when 'redeemed' then redeemed_at is not null and ended_at is null and keeps_slot
         when 'reversed' then redeemed_at is not null and ended_at is not null
         else redeemed_at is null and ended_at is not null and not keeps_slot
       end
       and (lapses_at is null or state in ('held', 'lapsed')))
   ) with (fillfactor = 80)`,
  `comment on column promo_use.keeps_slot is 'Whether it counts in the code''s counters. A reversed one may: see give_back.'`,
  `comment on column promo_use.applied_at is
     'When it was applied for: what its entries say too, so that a reversal takes away from the day of its use.'`,
  `comment on column promo_use.lapses_at is 'Null once its order was heard of: a pinned hold ends with the order only.'`,
  // Which uses are new is decided by these two; a repeat meets its first self.
  `create unique index promo_use_of_order on promo_use (order_id, code_id) where order_id is not null`,
  `create unique index promo_use_of_conversion on promo_use (conversion_id, code_id) where conversion_id is not null`,
  `create index promo_use_lapsing on promo_use (lapses_at) where state = 'held' and lapses_at is not null`,

  `create table promo_entry (
     code_id uuid not null,
     entry_no bigint not null,
     kind text not null check (kind in ('redeemed', 'reversed')),
     use_id uuid not null,
     person_id uuid not null,
     offer_id text,
     benefit_kind text not null,
     benefit_minor bigint not null,
     currency text,
     revenue_minor bigint not null default 0,
     conversion_id text,
     order_id uuid,
     applied_at timestamptz,
     at timestamptz not null,
     primary key (code_id, entry_no)
   )`,
  `comment on table promo_entry is
     'Append-only: what was redeemed and what was taken back, numbered without gaps per code. All analytics read this alone.'`,
  `create function promo_entry_guard() returns trigger language plpgsql as $$
   begin
     raise exception 'entries are never changed' using errcode = 'integrity_constraint_violation';
   end $$`,
  `create trigger promo_entry_guard before update or delete on promo_entry
     for each row execute function promo_entry_guard()`,

  `create table decision_receipt (
     id uuid primary key default uuid_v7(),
     code_id uuid,
     code text not null,
     person_id uuid,
     offer_id text,
     what text not null check (what in ('hold', 'apply', 'convert', 'reverse')),
     allowed boolean not null,
     reason text,
     local_time text,
     timezone text,
     trace jsonb not null,
     used_before bigint, used_after bigint,
     held_before bigint, held_after bigint,
     given_before bigint, given_after bigint,
     person_before bigint, person_after bigint,
     offer_before bigint, offer_after bigint,
     at timestamptz not null
   )`,
  `comment on table decision_receipt is 'Every allow and every refusal, with the rules that were asked and the counters around it.'`,
  `create index decision_receipt_of_code on decision_receipt (code_id, id)`,
  `create index decision_receipt_of_person on decision_receipt (person_id, id)`,
];

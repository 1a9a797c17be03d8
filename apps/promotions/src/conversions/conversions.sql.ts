/** What outside systems have told, and orders that earned something: once each, with the answer that each got. */
export const conversionTables = [
  `create table conversion (
     conversion_id text collate "C" primary key,
     person_id uuid not null,
     offer_id text collate "C" not null,
     payout_minor bigint not null check (payout_minor >= 0),
     currency text not null,
     occurred_at timestamptz not null,
     order_id uuid,
     content_hash bytea not null,
     answer jsonb,
     recorded_at timestamptz not null,
     reversed_at timestamptz,
     reverse_reason text check (reverse_reason in ('cancel', 'refund', 'fraud', 'chargeback')),
     reverse_answer jsonb,
     check ((reversed_at is null) = (reverse_reason is null))
   )`,
];

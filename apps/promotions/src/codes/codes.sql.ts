/**
 * A code's row holds its rules and its counters. Every use takes the row's lock first and changes the counters under
 * it; the checks are the last guard, should a line of code ever be wrong. No index names a counter, so that each update
 * stays on its page (HOT): the room left there is for the few versions that are in use at a time.
 */
export const codeTables = [
  `create table promo_code (
     id uuid primary key,
     code text not null,
     folded text collate "C" not null unique,
     title text not null default '',
     owner_id text,
     batch_id uuid,
     kind text not null check (kind in ('discount', 'bonus')),
     percent_bp integer check (percent_bp between 1 and 10000),
     amount_minor bigint check (amount_minor between 0 and 1000000000000),
     cap_minor bigint check (cap_minor >= 1),
     minimum_minor bigint check (minimum_minor >= 0),
     currency text,
     valid_from timestamptz,
     valid_until timestamptz,
     active_hours jsonb not null
       default '{"enabled": false, "start_time": "00:00", "end_time": "23:59", "timezone": "UTC"}',
     days smallint[],
     max_uses bigint check (max_uses >= 0),
     max_uses_per_person bigint check (max_uses_per_person >= 0),
     max_uses_per_offer bigint check (max_uses_per_offer >= 0),
     budget_minor bigint check (budget_minor >= 0),
     offers_rule text not null default 'all' check (offers_rule in ('all', 'some', 'all_but')),
     offers text[] not null default '{}',
     audience text not null default 'everyone' check (audience in ('everyone', 'listed', 'new_persons')),
     stacking text not null default 'exclusive' check (stacking in ('exclusive', 'combinable')),
     precedence integer not null default 0,
     auto_deactivate_on_max_uses boolean not null default true,
     counts_on text not null default 'conversion' check (counts_on in ('apply', 'conversion')),
     give_back jsonb not null default '{"cancel": true, "refund": true, "fraud": false, "chargeback": false}',
     status text not null default 'draft' check (status in ('draft', 'active', 'paused', 'expired', 'archived')),
     auto_deactivated_at timestamptz,
     deactivation_announced_at timestamptz,
     used bigint not null default 0 check (used >= 0),
     held bigint not null default 0 check (held >= 0),
     given_minor bigint not null default 0 check (given_minor >= 0),
     held_minor bigint not null default 0 check (held_minor >= 0),
     last_entry bigint not null default 0,
     version integer not null default 1,
     first_used_at timestamptz,
     created_at timestamptz not null,
     updated_at timestamptz not null,
     created_by text not null,
     constraint one_benefit check ((percent_bp is null) <> (amount_minor is null)),
     constraint money_has_currency check (
       currency is not null or amount_minor is null and cap_minor is null and minimum_minor is null and budget_minor is null),
     constraint valid_in_order check (valid_from < valid_until),
     constraint uses_within_limit check (used + held <= max_uses),
     constraint money_within_budget check (given_minor + held_minor <= budget_minor)
   ) with (fillfactor = 80)`,
  `comment on column promo_code.folded is 'What the code is known by: see foldCode.'`,
  `comment on column promo_code.currency is 'Null where any will do, as a bare percentage.'`,
  `comment on column promo_code.days is 'ISO week days (1 is Monday) on which the hours may open; null is every day.'`,
  `comment on column promo_code.used is 'Uses that took a slot and keep it; held ones are counted beside them.'`,
  `comment on column promo_code.given_minor is 'What those uses gave, and held_minor what the held ones will.'`,
  `comment on column promo_code.last_entry is
     'The number of the newest entry. Given under this row''s lock, so that all below it are committed.'`,
  `comment on column promo_code.version is 'Of the rules: rises with each edit, and not with uses.'`,
  `create index promo_code_of_owner on promo_code (owner_id, id) where owner_id is not null`,
  // A batch's codes stand together, in the order in which they were made; this costs next to nothing to keep.
  `create index promo_code_of_batch on promo_code using brin (batch_id) with (pages_per_range = 16)`,

  `create table promo_code_person (
     code_id uuid not null references promo_code,
     person_id uuid not null,
     primary key (code_id, person_id)
   )`,
  `comment on table promo_code_person is 'Whom a code with the audience "listed" is for.'`,
  `create index promo_code_person_of_person on promo_code_person (person_id)`,

  `create table code_change (
     code_id uuid not null references promo_code,
     version integer not null,
     changed_by text not null,
     at timestamptz not null,
     before jsonb not null,
     after jsonb not null,
     primary key (code_id, version)
   )`,

  // For the job that sets codes to expired whose time is over. What it names does not move with a use.
  `create index promo_code_expiring on promo_code (valid_until) where status = 'active' and valid_until is not null`,

  `create table code_batch (
     id uuid primary key,
     kind text not null check (kind in ('generate', 'import')),
     state text not null check (state in ('receiving', 'waiting', 'running', 'done', 'exhausted', 'abandoned')),
     pattern text,
     terms jsonb,
     secret bytea,
     walked bigint not null default 0,
     wanted bigint not null default 0,
     done bigint not null default 0 check (done <= wanted),
     failed bigint not null default 0,
     report jsonb not null default '[]',
     created_by text not null,
     created_at timestamptz not null,
     touched_at timestamptz not null,
     finished_at timestamptz,
     constraint what_is_made check ((kind = 'generate') = (pattern is not null and terms is not null and secret is not null))
   )`,
  `comment on table code_batch is 'Codes made in the background: by a pattern, or from the rows of a file.'`,
  `comment on column code_batch.secret is 'What the order follows from in which the pattern''s codes are drawn.'`,
  `comment on column code_batch.walked is
     'How many of the pattern''s codes were drawn. Commits together with them: a job that dies goes on from here.'`,
  `create index code_batch_unfinished on code_batch (touched_at) where state in ('receiving', 'waiting', 'running')`,
  `create table import_row (
     batch_id uuid not null references code_batch,
     row_no bigint not null,
     row jsonb not null,
     primary key (batch_id, row_no)
   )`,
];

/**
 * Every raw request and its verdict. `admitted` marks the one that an event id stands for: its first. Repeats, what
 * comes later under the same id with other content, and repeats that were understood when the first was not, are kept
 * beside it. What tells of a return names it (`return_id`). What nobody understood and its repeat tells anew is a
 * `duplicate` from then on, keeps its reason, and names that repeat (`settled_by`).
 */
export const webhookTables = [
  `create table webhook_request (
     id uuid primary key,
     provider text collate "C" not null,
     event_id text collate "C",
     content_hash bytea,
     admitted boolean not null,
     verdict text not null check (verdict in ('applied', 'duplicate', 'quarantined', 'stored', 'rejected')),
     reason text,
     payment_id uuid,
     headers text not null,
     body bytea not null,
     received_at timestamptz not null
   )`,
  `create unique index webhook_event on webhook_request (provider, event_id) where admitted`,
  `create index webhook_quarantined on webhook_request (id) where verdict = 'quarantined'`,
  `create index webhook_rejected on webhook_request (received_at) where verdict = 'rejected'`,

  `create type webhook_notice as (
     provider text, event_id text, content_hash bytea, verdict text, reason text, headers text, body bytea,
     notice payment_notice)`,
  `create type webhook_answer as (position bigint, verdict text, reason text, payment_id uuid)`,
];

// What later migrations changed, in their order; what returns add is in `returns.sql.ts`.

/**
 * What people said of requests that were quarantined. Open ones are few, and found without those that were dealt with.
 */
export const webhookDismissals = [
  `alter table webhook_request
     add column dismissed_at timestamptz, add column dismissed_by text, add column dismissal_note text`,
  `create index webhook_open on webhook_request (id) where verdict = 'quarantined' and dismissed_at is null`,
  `create index webhook_dismissed on webhook_request (id) where dismissed_at is not null`,
  `drop index webhook_quarantined`,
];

/**
 * Of a request that was refused only the beginning is kept: beside it stand the length and the SHA-256 of the whole
 * body. Both are null where the body is kept whole, as it is of every authentic request.
 */
export const rejectedInBrief = [`alter table webhook_request add column body_bytes int, add column body_sha256 bytea`];

/**
 * Requests that stood quarantined or stored until a repeat of them was understood. One that could not even be read has
 * no event id: its repeat is known by having the same body.
 */
export const settledByColumn = [
  `alter table webhook_request add column settled_by uuid`,
  `comment on column webhook_request.settled_by is 'The repeat that was understood: its verdict is what became of this.'`,
  `create index webhook_open_unread on webhook_request (provider, sha256(body))
     where verdict = 'quarantined' and dismissed_at is null and event_id is null`,
  // Those whose repeats were applied before there was this.
  `update webhook_request w set verdict = 'duplicate', settled_by = s.repeat_id
   from (
     select k.id, min(r.id::text)::uuid as repeat_id
     from webhook_request k
     join webhook_request r on (r.provider, r.event_id, r.content_hash) = (k.provider, k.event_id, k.content_hash)
       and r.verdict = 'applied' and not r.admitted
       and r.id > (select o.id from webhook_request o where o.verdict = 'quarantined' and o.dismissed_at is null
         order by o.id limit 1)
     where k.verdict = 'quarantined' and k.dismissed_at is null and k.admitted
     group by k.id
   ) s
   where w.id = s.id`,
];

/** The event id first, as it differs more than the provider does: see `paymentsByReference`. */
export const webhooksByEvent = [
  `drop index webhook_event`,
  `create unique index webhook_event on webhook_request (event_id, provider) where admitted`,
];

/** For the list of settled requests: it is read without the many that were applied at once. */
export const settledRequestsIndex = [
  `create index webhook_settled on webhook_request (id) where settled_by is not null and reason is not null`,
];

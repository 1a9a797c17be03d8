/**
 * The statements that create the tables of this library, for a service's first migration:
 * `for (const statement of messagingTables()) this.addSql(statement)`.
 *
 * - `outbox`: events that are committed and not yet published. SQL functions may insert into it directly:
 *   `insert into outbox (type, subject, data, traceparent, correlation_id, causation_id) …`, after they took their
 *   locks, so that ids grow in the order of the commits of one subject.
 * - `inbox`: which consumer has handled which message.
 * - `command`: the first reply to each command id, for ever.
 * - `uuid_v7()`: RFC 9562 §5.7, for servers older than Postgres 18.
 *
 * Later migrations add `messagesAsJson()`, `inboxByAge()` and `inboxByMessage()`.
 */
export function messagingTables(): string[] {
  return [
    `create function uuid_v7() returns uuid language sql volatile parallel safe as $$
       select encode(
         set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
           placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
           from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
     $$`,

    `create table outbox (
       id bigint generated always as identity primary key,
       message_id uuid not null default uuid_v7(),
       type text not null,
       subject text not null,
       data jsonb not null,
       traceparent text,
       correlation_id text,
       causation_id text,
       created_at timestamptz not null default clock_timestamp()
     ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0)`,

    `create function outbox_wake() returns trigger language plpgsql as $$
     begin
       perform pg_notify('outbox', '');
       return null;
     end $$`,

    `create trigger outbox_wake after insert on outbox for each statement execute function outbox_wake()`,

    `create table inbox (
       consumer text not null,
       message_id uuid not null,
       received_at timestamptz not null default now(),
       primary key (consumer, message_id)
     )`,
    `create index inbox_received_at on inbox using brin (received_at)`,

    `create table command (
       id text primary key,
       content_hash bytea not null,
       answer jsonb,
       recorded_at timestamptz not null default now()
     )`,
  ];
}

/**
 * Events and replies are sent as they were written, so their text is stored: to parse and format it (jsonb) costs more
 * than the rest of an event's way through the outbox.
 */
export function messagesAsJson(): string[] {
  return [
    'alter table outbox alter column data type json using data::json',
    'alter table command alter column answer type json using answer::json',
  ];
}

/**
 * What is old in the inbox is found by a tree: once pruned pages are filled anew, old and new rows share the ranges of
 * a block range index, and each look for the old ones would read the whole table.
 */
export function inboxByAge(): string[] {
  return ['drop index inbox_received_at', 'create index inbox_received_at on inbox (received_at)'];
}

/**
 * The message id comes first in the key because it differs: with the consumer first, each comparison in the index would
 * be two.
 */
export function inboxByMessage(): string[] {
  return ['alter table inbox drop constraint inbox_pkey, add primary key (message_id, consumer)'];
}

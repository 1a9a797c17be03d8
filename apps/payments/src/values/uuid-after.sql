-- The id that counts `steps` on from `first`, a UUIDv7 as text (RFC 9562 §6.2, method 2).
-- One id is drawn for a set and the others count on from it: drawing each of them costs twice as much.
-- Half of the room of the last 48 bits stays free for the count.
create or replace function uuid_after(first text, steps bigint) returns uuid language sql immutable as $$
  select (left(first, 24)
    || lpad(to_hex(('x' || right(first, 12))::bit(48)::bigint % 140737488355328 + steps), 12, '0'))::uuid
$$;

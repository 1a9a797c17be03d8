-- A person who exists and the message that says so, by named arguments.
create or replace function known_person_of(person_id uuid, cause cause) returns known_person
language sql immutable as $$
  select row(person_id, cause)::known_person
$$;

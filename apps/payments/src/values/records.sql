-- Turns a JSON array of objects into an array of the composite type of `sample`: `records(null::order_event, $1)`.
-- Members become attributes by their names, in the order of the array; a missing member is null.
-- A caller thus passes a set as one named parameter.
create or replace function records(sample anyelement, objects json) returns anyarray language plpgsql stable as $$
begin
  return array(select r from json_populate_recordset(sample, objects) r);
end $$;

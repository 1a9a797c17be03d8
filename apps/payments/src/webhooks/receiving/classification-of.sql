-- How a request is classified, by named arguments.
create or replace function classification_of(
  "position" bigint, classification text, reason text, supported_now boolean, first_request uuid
) returns webhook_classification language sql immutable as $$
  select row("position", classification, reason, supported_now, first_request)::webhook_classification
$$;

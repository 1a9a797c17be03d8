-- Inserts a hold or a redemption for each admitted request. A request that redeems a hold updates it instead.
create or replace function write_redemptions(
  requests admission_request[], decisions admission_decision[], at timestamptz)
returns void language plpgsql as $$
#variable_conflict use_column
begin
  insert into redemption (id, code_id, person_id, offer_id, order_id, conversion_id, sender, state, benefit_minor, currency,
    price_minor, explanation, applied_at, held_at, lapses_at, pay_by, redeemed_at, for_new_person)
  select r.redemption_id, r.code_id, r.person_id, r.offer_id, r.order_id, r.conversion_id, r.sender,
    case when r.is_held then 'held' else 'redeemed' end, r.benefit_minor, r.currency, r.price_minor, r.explanation,
    coalesce(r.applied_at, at), case when r.is_held then at end, r.lapses_at, r.pay_by,
    case when not r.is_held then at end, r.for_new_person
  from unnest(requests) r join unnest(decisions) d on d.position = r.position
  where d.verdict is null and r.is_counted and d.redeems_hold is null;

  if exists (select from unnest(decisions) d where d.verdict is null and d.redeems_hold is not null) then
    update redemption u set state = 'redeemed', redeemed_at = at, offer_id = r.offer_id, order_id = r.order_id,
      conversion_id = r.conversion_id, sender = r.sender, benefit_minor = r.benefit_minor, currency = r.currency,
      price_minor = r.price_minor, explanation = r.explanation, applied_at = coalesce(r.applied_at, at)
    from unnest(requests) r join unnest(decisions) d on d.position = r.position
    where u.id = any (array(select k.redeems_hold from unnest(decisions) k where k.verdict is null))
      and u.id = d.redeems_hold and d.verdict is null;
  end if;
end $$;

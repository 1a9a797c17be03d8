-- The limit of a code that one more redemption or hold would exceed; null when there is a free slot and enough budget.
-- uses counts redemptions and holds; given_minor includes the benefit of this one. A request that has a slot since the
-- person applied the code needs no other slot. Where offer_uses is null, the request names no offer. Where
-- new_person_uses is null, the code is not for new persons; a person has one slot of all such codes together.
create or replace function limit_reached(
  has_slot boolean, uses bigint, max_uses bigint, person_uses bigint, max_uses_per_person bigint,
  new_person_uses bigint, offer_uses bigint, max_uses_per_offer bigint, given_minor bigint, budget_minor bigint)
returns text language sql immutable as $$
  select case
    when not has_slot and uses >= max_uses then 'PROMO_CODE_USED_UP'
    when not has_slot and person_uses >= max_uses_per_person then 'PROMO_CODE_PERSON_LIMIT'
    when not has_slot and new_person_uses >= 1 then 'PROMO_CODE_NEW_PERSON_LIMIT'
    when offer_uses >= max_uses_per_offer then 'PROMO_CODE_OFFER_LIMIT'
    when given_minor > budget_minor then 'PROMO_CODE_BUDGET_SPENT'
  end
$$;

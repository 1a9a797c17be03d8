-- One row for each request: what it requests, its code as it stands under the lock, and the slots of its person and its
-- offer. code_no, person_no and offer_no number the codes, the persons of a code and the offers of a code from 1.
-- hold_id is the hold that the request redeems, while it is held. new_person_uses is null for a code that is not for new
-- persons.
create or replace function admission_counters(requests admission_request[])
returns table (
  "position" integer, group_no integer, group_size bigint, is_held boolean, is_counted boolean,
  has_offer boolean, benefit_minor bigint, redemption_id uuid, ineligibility text, is_repeated boolean, hold_id uuid,
  is_changed boolean, status_refusal text, code_no bigint, used bigint, held bigint, given_minor bigint,
  max_uses bigint, max_uses_per_person bigint, max_uses_per_offer bigint, budget_minor bigint,
  person_no bigint, person_uses bigint, offer_no bigint, offer_uses bigint,
  person_id uuid, for_new_person boolean, new_person_uses bigint)
language sql stable as $$
  with code as materialized (
    select * from promo_code p
    where p.id = any (array(select r.code_id from unnest(requests) r where r.ineligibility is null))
  )
  select r.position, r.group_no, count(*) over (partition by r.group_no) as group_size, r.is_held, r.is_counted,
    r.offer_id is not null as has_offer, r.benefit_minor, r.redemption_id, r.ineligibility,
    coalesce(
      (select true from redemption u
        where u.order_id = r.order_id and u.code_id = r.code_id and u.id is distinct from r.redeems_hold),
      (select true from redemption u
        where u.conversion_id = r.conversion_id and u.code_id = r.code_id and u.sender = r.sender),
      false) as is_repeated,
    (select case when u.state = 'held' then u.id end from redemption u where u.id = r.redeems_hold) as hold_id,
    code.version <> r.version as is_changed,
    case
      when code.status = 'expired' and code.auto_deactivated_at is not null then 'PROMO_CODE_USED_UP'
      -- A code that a sweep expired: for a conversion the rules compared the validity with the time of the conversion.
      when code.status <> 'active' and not (r.stage = 'convert' and code.status = 'expired') then 'PROMO_CODE_NOT_ACTIVE'
    end as status_refusal,
    dense_rank() over (order by r.code_id) as code_no, code.used, code.held,
    code.given_minor + code.held_minor as given_minor,
    code.max_uses, code.max_uses_per_person, code.max_uses_per_offer, code.budget_minor,
    dense_rank() over (order by r.code_id, r.person_id) as person_no,
    coalesce((select u.uses from promo_code_person_usage u
      where u.code_id = r.code_id and u.person_id = r.person_id), 0) as person_uses,
    dense_rank() over (order by r.code_id, r.offer_id) as offer_no,
    coalesce((select u.uses from promo_code_offer_usage u
      where u.code_id = r.code_id and u.offer_id = r.offer_id), 0) as offer_uses,
    r.person_id, r.for_new_person,
    case when r.for_new_person then (select u.uses from new_person_usage u where u.person_id = r.person_id) end
      as new_person_uses
  from unnest(requests) r left join code on code.id = r.code_id
$$;

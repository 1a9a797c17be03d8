-- Locks the codes and decides the requests one after the other, by position. The requests of one group stand side by
-- side; they are admitted together or not at all. Arrays hold what the admitted requests take so far: of each code, of
-- each person of a code and of each offer of a code; and the ids of redeemed holds and of persons who take the slot of
-- new persons. A refused group resets them to their values before the group.
create or replace function decide_admissions(requests admission_request[]) returns admission_decision[]
language plpgsql as $$
#variable_conflict use_column
declare
  used bigint[] := array_fill(0::bigint, array[cardinality(requests)]);
  held bigint[] := used; given bigint[] := used; persons bigint[] := used; offers bigint[] := used;
  taken uuid[] := array[]::uuid[]; taken_reset uuid[];
  used_reset bigint[]; held_reset bigint[]; given_reset bigint[]; persons_reset bigint[]; offers_reset bigint[];
  decisions admission_decision[] := array[]::admission_decision[]; decision admission_decision;
  r record; group_no integer; first_position integer; group_verdict text;
begin
  perform lock_admissions(requests);
  for r in select * from admission_counters(requests) order by position loop
    if r.group_no is distinct from group_no then
      group_no := r.group_no; first_position := r.position; group_verdict := null;
      if r.group_size > 1 then
        used_reset := used; held_reset := held; given_reset := given; persons_reset := persons; offers_reset := offers;
        taken_reset := taken;
      end if;
    end if;

    decision := null; decision.position := r.position; decision.redemption_id := r.redemption_id;
    if group_verdict is not null then
      decision.verdict := coalesce(case group_verdict when 'WITH_ANOTHER' then r.ineligibility end, group_verdict);
    elsif r.is_repeated or r.ineligibility is not null then
      decision.verdict := case when r.is_repeated then 'REPEATED' else r.ineligibility end;
    else
      decision.used_before := r.used + used[r.code_no]; decision.held_before := r.held + held[r.code_no];
      decision.given_before := r.given_minor + given[r.code_no];
      decision.person_before := r.person_uses + persons[r.person_no];
      decision.offer_before := r.offer_uses + offers[r.offer_no];
      decision.redeems_hold := case when (r.hold_id = any (taken)) is not true then r.hold_id end;
      decision.verdict := case
        when r.is_changed then 'CHANGED'
        when decision.redeems_hold is null and r.status_refusal is not null then r.status_refusal
        else limit_reached(has_slot => decision.redeems_hold is not null,
          uses => decision.used_before + decision.held_before, max_uses => r.max_uses,
          person_uses => decision.person_before, max_uses_per_person => r.max_uses_per_person,
          new_person_uses => r.new_person_uses + (r.person_id = any (taken) is true)::integer,
          offer_uses => case when r.has_offer then decision.offer_before end,
          max_uses_per_offer => r.max_uses_per_offer,
          given_minor => decision.given_before + r.benefit_minor, budget_minor => r.budget_minor) end;
    end if;

    if decision.verdict is null and r.is_counted then
      used[r.code_no] := used[r.code_no] + (not r.is_held)::integer;
      held[r.code_no] := held[r.code_no] + r.is_held::integer - (decision.redeems_hold is not null)::integer;
      given[r.code_no] := given[r.code_no] + r.benefit_minor;
      persons[r.person_no] := persons[r.person_no] + (decision.redeems_hold is null)::integer;
      offers[r.offer_no] := offers[r.offer_no] + 1;
      taken := taken || case when decision.redeems_hold is not null then decision.redeems_hold
        when r.for_new_person then r.person_id end;
    elsif decision.verdict is not null and group_verdict is null then
      group_verdict := case when decision.verdict in ('REPEATED', 'CHANGED') then decision.verdict else 'WITH_ANOTHER' end;
      if r.group_size > 1 then
        used := used_reset; held := held_reset; given := given_reset; persons := persons_reset; offers := offers_reset;
        taken := taken_reset;
        for i in first_position .. r.position - 1 loop
          decisions[i].verdict := group_verdict;
        end loop;
      end if;
    end if;
    decisions := decisions || decision;
  end loop;
  return decisions;
end $$;

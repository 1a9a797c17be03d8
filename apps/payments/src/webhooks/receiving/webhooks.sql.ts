import { setPlans } from '../../ledger/ledger.sql.js';

/**
 * What `receive_webhooks` knows of each request, in the order in which they are given. A judgement is made before money
 * is looked at: what the request seems to be, why (`because`), whether it is understood now and was not when its event
 * id came first (`understood_now`), and the request that came first under that id (`stood`). A decision is the row that
 * is kept, and the earlier request that it settles, if any.
 */
export const webhookDecisionTypes = [
  `create type webhook_judgement as (judgement text, because text, understood_now boolean, stood uuid)`,
  `create type webhook_decision as (
     id uuid, admitted boolean, verdict text, reason text, payment_id uuid, return_id uuid, settles uuid)`,
];

export const webhookFunctions = [
  // Requests from columns; see payment_notices.
  `create or replace function webhook_notices(
     providers text[], event_ids text[], content_hashes bytea[], verdicts text[], reasons text[], headers text[],
     bodies bytea[], notices payment_notice[]
   ) returns webhook_notice[] language plpgsql as $$
   begin
     return array(
       select row(provider, event_id, content_hash, verdict, reason, header, body,
         row(payer, reference, amount_minor, currency, person_named, order_named, note, cause)::payment_notice
       )::webhook_notice
       from unnest(providers, event_ids, content_hashes, verdicts, reasons, headers, bodies, notices)
         r (provider, event_id, content_hash, verdict, reason, header, body, payer, reference, amount_minor, currency,
           person_named, order_named, note, cause));
   end $$`,

  /*
   * Keeps requests whose signature was good, registers the payments that they tell of, moves what went back, and
   * answers one verdict per request, in order: all of it or nothing.
   *
   * The first request of an event id decides what the id stands for: a repeat with the same content is a duplicate, one
   * with other content is quarantined. But when nobody understood the first one (its type, its currency) and its repeat
   * is understood now, the repeat is applied, and settles the first. A request that could not be read at all is settled
   * by one with the same bytes that could.
   *
   * `requests` hold a notice each, which counts only where the verdict is `payment`; `returns` are the notices of
   * refunds and disputes, and name their requests by position. In turn: `judged`, before money is looked at; `paid` and
   * `went_back`, what the ledger says of those that tell of money; `decided`, the rows to keep; then the rows, and what
   * they settle.
   */
  `create or replace function receive_webhooks(requests webhook_notice[], returns return_notice[], at timestamptz)
   returns setof webhook_answer
   language plpgsql ${setPlans} as $$
   declare
     first_id text;
     judged webhook_judgement[];
     paying bigint[];
     paid payment_answer[] := '{}';
     went_back return_answer[] := '{}';
     decided webhook_decision[];
   begin
     perform ledger_lock();
     first_id := uuid_v7()::text;

     -- What is decided before money is looked at: repeats of an event id, and requests that tell of no money.
     judged := array(
       select row(
         case when j.stands_for is null then j.verdict when j.stands_for <> j.content_hash then 'quarantined'
           when j.understood_now then j.verdict else 'duplicate' end,
         case when j.stands_for is null then j.reason when j.stands_for <> j.content_hash then 'EVENT_ID_REUSED' end,
         j.understood_now, j.stood)::webhook_judgement
       from (
         select r.position, r.verdict, r.reason, r.content_hash, k.id as stood, coalesce(
           k.content_hash,
           case when r.event_id is not null and row_number() over event > 1 then first_value(r.content_hash) over event end
         ) as stands_for,
         -- Money that contradicts what is known was understood.
         coalesce(k.verdict in ('quarantined', 'stored') and coalesce(k.reason, '') not in (
             'PAYMENT_REUSED', 'RETURN_REUSED', 'RETURN_EXCEEDS_PAYMENT', 'RETURN_CURRENCY_DIFFERS')
           and r.verdict not in ('quarantined', 'stored'), false) as understood_now
         from unnest(requests) with ordinality
           r (provider, event_id, content_hash, verdict, reason, headers, body, notice, position)
         left join lateral (
           select w.id, w.content_hash, w.verdict, w.reason from webhook_request w
           where w.provider = r.provider and w.event_id = r.event_id and w.admitted offset 0
         ) k on true
         window event as (partition by r.provider, r.event_id order by r.position)
       ) j
       order by j.position);

     paying := array(
       select j.position from unnest(judged) with ordinality j (judgement, because, understood_now, stood, position)
       where j.judgement = 'payment' order by j.position);
     if paying <> '{}' then
       paid := array(select p::payment_answer from register_payments(array(
         select r.notice
         from unnest(requests) with ordinality
           r (provider, event_id, content_hash, verdict, reason, headers, body, notice, position)
         where r.position = any (paying) order by r.position), at) p order by p.position);
     end if;
     -- After the payments: they may be those that went back.
     if returns <> '{}' then
       went_back := return_payments(array(
         select b from unnest(returns) b where (judged[b.request]).judgement = 'return' order by b.request), at);
     end if;

     decided := array(
       select row(
         uuid_after(first_id, j.position),
         m.as_told and j.judgement not in ('duplicate') and not j.understood_now,
         case p.verdict when 'registered' then 'applied' when 'conflict' then 'quarantined'
           when 'duplicate' then 'duplicate' else coalesce(b.verdict, j.judgement) end,
         case p.verdict when 'conflict' then 'PAYMENT_REUSED' else coalesce(b.reason, j.because) end,
         case when p.verdict <> 'conflict' then p.payment_id end,
         b.return_id,
         case when m.as_told and j.understood_now then j.stood end)::webhook_decision
       from unnest(judged) with ordinality j (judgement, because, understood_now, stood, position)
       cross join lateral (select j.because is distinct from 'EVENT_ID_REUSED' as as_told) m
       left join unnest(paying, paid) p (request, position, verdict, payment_id) on p.request = j.position
       left join unnest(went_back) b on b.request = j.position
       order by j.position);

     insert into webhook_request
       (id, provider, event_id, content_hash, admitted, verdict, reason, payment_id, return_id, headers, body,
         received_at)
     select k.id, k.provider, k.event_id, k.content_hash, k.admitted and k.event_id is not null, k.verdict, k.reason,
       k.payment_id, k.return_id, k.headers, k.body, at
     from unnest(requests, decided) k (provider, event_id, content_hash, seems, because, headers, body, notice,
       id, admitted, verdict, reason, payment_id, return_id, settles);

     perform settle_notifications(requests, decided);
     return query
     select d.position, d.verdict, d.reason, d.payment_id
     from unnest(decided) with ordinality
       d (id, admitted, verdict, reason, payment_id, return_id, settles, position);
   end $$`,

  // What was applied and waited for its payment may turn out not to fit it; what did not fit may fit later.
  `create or replace function note_returns(moves return_move[]) returns void
   language plpgsql as $$
   begin
     with turned as (
       -- Locked in the order in which dismissals lock them.
       select w.id, m.refusal
       from unnest(moves) m
       join webhook_request w on w.return_id = m.return_id
         and w.verdict = case when m.refusal is null then 'quarantined' else 'applied' end
       where w.return_id = any (array(select n.return_id from unnest(moves) n))
       order by w.id for update of w
     )
     update webhook_request w set verdict = case when t.refusal is null then 'applied' else 'quarantined' end,
       -- Whoever dismissed it reads on why it was quarantined.
       reason = case when w.dismissed_at is null then t.refusal else w.reason end
     from turned t
     where w.id = any (array(select u.id from turned u)) and w.id = t.id;
   end $$`,
];

/** What `receive_webhooks` ends with. */
export const settleNotificationsFunctions = [
  // What stood quarantined or stored, by the first of several repeats that are understood.
  `create or replace function settle_notifications(requests webhook_notice[], decided webhook_decision[]) returns void
   language plpgsql as $$
   begin
     -- Mostly there is nothing.
     if not exists (select from unnest(decided) d where d.settles is not null) and not exists (
       select from webhook_request w
       where w.verdict = 'quarantined' and w.dismissed_at is null and w.event_id is null
     ) then
       return;
     end if;
     with settled as (
       -- None of these is what return_payments may have turned, which was understood.
       select distinct on (s.id) s.id, s.repeat_id
       from (
         select d.settles as id, d.id as repeat_id from unnest(decided) d where d.settles is not null
         union all
         select u.id, d.id
         from unnest(requests, decided) d (provider, event_id, content_hash, seems, because, headers, body, notice,
           id, admitted, verdict, reason, payment_id, return_id, settles)
         cross join lateral (
           select w.id from webhook_request w
           where w.provider = d.provider and sha256(w.body) = sha256(d.body)
             and w.verdict = 'quarantined' and w.dismissed_at is null and w.event_id is null offset 0
         ) u
         where d.event_id is not null
       ) s
       order by s.id, s.repeat_id
     )
     update webhook_request w set verdict = 'duplicate', settled_by = s.repeat_id
     from settled s
     where w.id = any (array(select t.id from settled t)) and w.id = s.id;
   end $$`,
];

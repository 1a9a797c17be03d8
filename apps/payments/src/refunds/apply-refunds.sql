create or replace function apply_refunds(due refund_due[], at timestamptz) returns refund_move[]
language plpgsql as $$
declare
  decided refund_move[] := '{}';
  turn refund_move[];
  taken refund_move[];
  postings transfer[];
begin
  -- Each turn decides one return per payment, the first one known of: it says what is left for the next. Several
  -- returns of a person in one turn share what the person has: each takes what those before it left.
  loop
    turn := array(
      select row(j.refund_id, j.provider, j.kind, j.reference, j.payment_id, j.person_id, j.payer_kind, j.payer,
        j.order_id, j.amount_minor, j.currency, false,
        case when j.refusal is null then
          case when j.person_id is null then 0
          else j.amount_minor - greatest(0, least(j.amount_minor, coalesce(
            (select credits_posted - debits_posted - debits_pending from account a
              where a.owner = j.payer and a.kind = 'person' and a.currency = j.currency), 0)
            - (sum(j.amount_minor) over (
                partition by j.person_id, j.currency, j.refusal order by j.sequence rows unbounded preceding)
              - j.amount_minor)))
          end
        end,
        j.refusal, null, j.cause)::refund_move
      from (
        select distinct on (p.id) r.id as refund_id, r.provider, r.kind, r.reference, p.id as payment_id, p.person_id,
          case when p.person_id is null then 'suspense' else 'person' end as payer_kind,
  coalesce(p.person_id::text, 'unmatched') as payer, id_or_null(p.order_named) as order_id, r.amount_minor, r.currency, r.sequence, d.cause,
          case when r.currency <> p.currency then 'REFUND_CURRENCY_DIFFERS'
            when r.amount_minor > p.amount_minor - p.refunded_minor then 'REFUND_EXCEEDS_PAYMENT' end as refusal
        from unnest(due) d
        cross join lateral (
          select * from refund w where w.id = d.refund_id and w.state = 'waiting' offset 0
        ) r
        cross join lateral (
          select * from payment q where q.provider = r.provider and q.reference = r.payment_reference offset 0
        ) p
        where not exists (select from unnest(decided) m where m.refund_id = d.refund_id)
        order by p.id, r.sequence
      ) j);
    exit when cardinality(turn) = 0;

    taken := array(select m from unnest(turn) m where m.refusal is null);
    if cardinality(taken) > 0 then
      loop
        -- Before the returns, by their ids as well, so that no running balance falls below zero.
        postings := array(
          select transfer_of(
            source_key => 'debt/' || m.refund_id, movement => 'raise-debt', state => 'posted',
            debit_account => (select a.id from account a where a.owner = m.payer and a.kind = 'debt' and a.currency = m.currency), credit_account => (select a.id from account a where a.owner = m.payer and a.kind = m.payer_kind and a.currency = m.currency),
            amount_minor => m.owed_minor, currency => m.currency, id => uuid_after(m.refund_id::text, -1),
            order_id => m.order_id, payment_id => m.payment_id)
          from unnest(taken) m where m.owed_minor > 0);
        exit when accounts_are_open(postings);
        perform open_accounts(array(
          select account_key_of(kind => 'debt', owner => m.payer, currency => m.currency) from unnest(taken) m where m.owed_minor > 0), at);
      end loop;
      if cardinality(postings) > 0 then
        perform ledger_post(postings, at);
      end if;
      perform ledger_post(array(
        select transfer_of(
          source_key => 'refund/' || m.refund_id, state => 'posted',
          movement => case m.kind when 'refund' then 'refund-payment' else 'dispute-payment' end,
          debit_account => (select a.id from account a where a.owner = m.payer and a.kind = m.payer_kind and a.currency = m.currency), credit_account => (select a.id from account a where a.owner = m.provider and a.kind = 'provider_clearing' and a.currency = m.currency),
          amount_minor => m.amount_minor, currency => m.currency, id => m.refund_id,
          order_id => m.order_id, payment_id => m.payment_id, correction_of => m.payment_id)
        from unnest(taken) m), at);
      update refund r set state = 'applied', applied_at = at, payment_id = m.payment_id, owed_minor = m.owed_minor
      from unnest(taken) m
      where r.id = any (array(select t.refund_id from unnest(taken) t)) and r.id = m.refund_id;
      update payment p set refunded_minor = p.refunded_minor + m.amount_minor
      from unnest(taken) m
      where p.id = any (array(select t.payment_id from unnest(taken) t)) and p.id = m.payment_id;
    end if;
    decided := decided || array(
  select row(m.refund_id, m.provider, m.kind, m.reference, m.payment_id, m.person_id, m.payer_kind, m.payer, m.order_id,
 m.amount_minor, m.currency, m.reinstated, m.owed_minor, m.refusal,
 case when m.person_id is not null and m.refusal is null then
   (select a.version from account a where a.owner = m.payer and a.kind = 'person' and a.currency = m.currency)
   + 1 - row_number() over (partition by m.person_id, m.currency, m.refusal order by m.refund_id desc) end,
 m.cause)::refund_move
  from unnest(turn) m order by m.refund_id);
  end loop;
  perform note_refunds(decided);
  return decided;
end $$;

/**
 * Receivables and their reservations agree. Each query finds what breaks its invariant: a subject, and what it
 * says.
 */
export const receivableInvariants: Readonly<Record<string, string>> = {
  'a receivable and its reservation agree': `
    select r.order_id::text as subject, r.state || ', reservation ' || coalesce(t.state, 'missing') as says
    from receivable r left join transfer t on t.source_key = 'reserve/' || r.order_id
    left join account d on d.id = t.debit_account left join account c on c.id = t.credit_account
    where case r.state
        when 'reserved' then t.state is distinct from 'pending'
        when 'settled' then case when r.amount_minor > 0 then t.state is distinct from 'posted' else t.id is not null end
        when 'open' then t.id is not null
        else t.state in ('pending', 'posted') end
      or t.amount_minor <> r.amount_minor or t.currency <> r.currency or d.owner <> r.person_id::text
      or c.owner <> r.class_id::text`,

  'a reservation has its receivable': `
    select t.id::text as subject, 'order ' || coalesce(t.order_id::text, 'unnamed') || ' is unknown' as says
    from transfer t where t.movement = 'reserve'
      and not exists (select from receivable r where r.order_id = t.order_id)`,

  'what was written off for an order is within its tolerance, and goes back when the order ends': `
    select t.id::text as subject, t.movement || ' of ' || t.amount_minor || ' for an order that is '
      || coalesce(r.state || ' with a tolerance of ' || r.tolerance_minor, 'unknown') as says
    from transfer t
    left join receivable r on r.order_id = t.order_id
    left join transfer b on b.source_key = 'reverse-' || t.source_key
    left join account d on d.id = t.debit_account left join account c on c.id = t.credit_account
    where t.movement = 'write-off' and (
      r.order_id is null or t.state <> 'posted' or t.amount_minor > r.tolerance_minor or r.state = 'open'
      or d.kind <> 'write_off' or c.kind <> 'person' or c.owner <> r.person_id::text
      or (b.id is not null) <> (r.state = 'withdrawn') or b.amount_minor <> t.amount_minor
      or b.debit_account <> t.credit_account or b.credit_account <> t.debit_account)
    or t.movement = 'reverse-write-off' and not exists (
      select from transfer w where w.id = t.correction_of and w.movement = 'write-off')`,

  'I15 the first open receivable of a person and currency is never covered by what is available': `
    select f.person_id || ' ' || f.currency as subject,
      'order ' || f.order_id || ' waits for ' || f.amount_minor || ', available ' || a.available_minor as says
    from (
      select distinct on (r.person_id, r.currency) r.* from receivable r where r.state = 'open' and r.amount_minor > 0
      order by r.person_id, r.currency, r.opened_at, r.order_id
    ) f
    join account a on a.kind = 'person' and a.owner = f.person_id::text and a.currency = f.currency
    where a.available_minor >= f.amount_minor - f.tolerance_minor`,
};

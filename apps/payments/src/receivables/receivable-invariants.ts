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

  'I15 the first open receivable of a person and currency is never covered by what is available': `
    select f.person_id || ' ' || f.currency as subject,
      'order ' || f.order_id || ' waits for ' || f.amount_minor || ', available ' || a.available_minor as says
    from (
      select distinct on (r.person_id, r.currency) r.* from receivable r where r.state = 'open' and r.amount_minor > 0
      order by r.person_id, r.currency, r.opened_at, r.order_id
    ) f
    join account a on a.kind = 'person' and a.owner = f.person_id::text and a.currency = f.currency
    where a.available_minor >= f.amount_minor`,
};

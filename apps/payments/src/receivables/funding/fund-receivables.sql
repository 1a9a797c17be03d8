-- Reserves money for open receivables: person → class, pending. Under the ledger's lock.
-- Every change of what can be covered ends here: a payment, an allocation out of suspense, a bonus, a new order, the end
-- of an order that held a reservation or stood in front of others. What the person owes us is repaid first. Then the open
-- receivables of that person and currency are reserved: those that a payment names or whose amount it equals, then the
-- oldest first, up to the first one that is not covered. That one waits and so do all behind it, or small young orders
-- would overtake a large old one for ever. The oldest open receivable is not covered by what is available then.
-- Returns the orders that are covered now.
create or replace function fund_receivables(fundings funding[], at timestamptz) returns funded_order[]
language plpgsql as $$
declare
  funded funded_order[] := array[]::funded_order[];
  waits boolean;
  owes boolean;
begin
  -- Most fundings meet no open receivable and no debt.
  select
    exists (
      select from unnest(fundings) f where exists (
        select from receivable r where r.person_id = f.person_id and r.currency = f.currency and r.state = 'open'
        offset 0)),
    exists (
      select from unnest(fundings) f where exists (
        select from account d where d.owner = f.person_id::text and d.kind = 'debt' and d.currency = f.currency
        offset 0))
  into waits, owes;
  if owes then
    perform repay_debts(fundings, at);
  end if;
  if waits then
    funded := covered_receivables(fundings);
  end if;
  if funded <> '{}' then
    perform reserve_orders(funded, at);
  end if;
  return funded;
end $$;

import { availableMinor } from '../ledger/ledger.sql.js';

/** What somebody owes us; of an account of the kind `claim`. */
export const owedMinor = 'debits_posted - credits_posted';

/**
 * Repay: person → claim, posted. What a person owes us (a refund or a dispute took more than they had) is repaid from
 * the first money that they can spend, before any order gets it: nobody who owes has money to spend. As everything that
 * raises what a person can spend ends in `fund_receivables`, that is where this is called from.
 */
export const repayClaimsFunctions = [
  `create or replace function repay_claims(fundings funding[], at timestamptz) returns void
   language plpgsql as $$
   declare
     postings transfer[];
   begin
     postings := array(
       select transfer_of(
         source_key => 'repay/' || o.id, movement => 'repay-claim', state => 'posted',
         debit_account => o.person_account, credit_account => o.claim_account,
         amount_minor => o.amount_minor, currency => o.currency, id => o.id)
       from (
         select uuid_v7() as id, f.currency, p.id as person_account, c.id as claim_account,
           least(p.available, c.owed) as amount_minor
         from (select distinct person_id, currency from unnest(fundings)) f
         cross join lateral (
           select a.id, ${owedMinor} as owed from account a
           where a.owner = f.person_id::text and a.kind = 'claim' and a.currency = f.currency offset 0
         ) c
         cross join lateral (
           select a.id, ${availableMinor} as available from account a
           where a.owner = f.person_id::text and a.kind = 'person' and a.currency = f.currency offset 0
         ) p
         where p.available > 0 and c.owed > 0
         offset 0
       ) o);
     if cardinality(postings) > 0 then
       perform ledger_post(postings, at);
     end if;
   end $$`,
];

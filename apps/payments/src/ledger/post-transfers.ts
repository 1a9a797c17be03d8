import { CompositeSet } from '#persistence/composite-set.js';
import type { Tx } from '#persistence/transaction.js';
import type { AccountKey, Posting } from './domain/posting.js';
import { movementRecords } from './movement-records.js';

const openMissingAccounts = `
  select open_accounts(array(
    select k from unnest($1::account_key[]) k
    where not exists (
      select from account a where a.owner = k.owner and a.kind = k.kind and a.currency = k.currency offset 0)), $2)`;

const post = `
  select ledger_post(array(
    select transfer_of(
      source_key => p.source_key, movement => p.movement, state => 'posted',
      debit_account => (select a.id from account a
        where a.owner = (p.debit).owner and a.kind = (p.debit).kind and a.currency = (p.debit).currency),
      credit_account => (select a.id from account a
        where a.owner = (p.credit).owner and a.kind = (p.credit).kind and a.currency = (p.credit).currency),
      amount_minor => p.amount_minor, currency => (p.debit).currency, id => p.id,
      order_id => p.order_id, payment_id => p.payment_id, correction_of => p.correction_of)
    from json_to_recordset($1) p (
      id uuid, source_key text, movement text, debit account_key, credit account_key, amount_minor bigint,
      order_id uuid, payment_id uuid, correction_of uuid)), $2)`;

/**
 * Posts a set of transfers, in the order of their ids, and opens the accounts that are missing. The caller holds
 * the ledger's lock. A source key that is there already moves nothing again.
 *
 * @throws when a source key comes back with other content; nothing of the set has happened then.
 */
export async function postTransfers(tx: Tx, postings: readonly Posting[], at: Temporal.Instant): Promise<void> {
  if (postings.length === 0) return;
  await tx.query(openMissingAccounts, [new CompositeSet('account_key', accountsOf(postings)), at]);
  await tx.query(post, [movementRecords(postings), at]);
}

/** Each once. */
function accountsOf(postings: readonly Posting[]): AccountKey[] {
  const accounts = postings.flatMap(({ debit, credit }) => [debit, credit]);
  return [...new Map(accounts.map((key) => [`${key.kind} ${key.currency} ${key.owner}`, key])).values()];
}

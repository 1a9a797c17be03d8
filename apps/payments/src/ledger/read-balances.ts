import { CompositeSet } from '#persistence/composite-set.js';
import type { Tx } from '#persistence/transaction.js';
import { Balances } from './domain/balances.js';
import { type AccountKey, debtAccount, personAccount } from './domain/posting.js';

const balances = `
  select a.kind, a.owner, a.currency, a.version, a.available_minor
  from unnest($1::account_key[]) k
  cross join lateral (
    select * from account w where w.owner = k.owner and w.kind = k.kind and w.currency = k.currency offset 0
  ) a`;

/** The accounts of these keys, for a decision: the caller holds the ledger's lock until it has posted. */
export async function readBalances(tx: Tx, keys: readonly AccountKey[]): Promise<Balances> {
  if (keys.length === 0) return new Balances([]);
  const rows = await tx.query<AccountKey & { version: number; available_minor: number }>(balances, [
    new CompositeSet('account_key', keys),
  ]);
  return new Balances(rows.map(({ available_minor: availableMinor, ...account }) => ({ ...account, availableMinor })));
}

/** What persons can spend in a currency, and what they owe us in it. */
export function readPersonBalances(
  tx: Tx,
  owners: readonly { readonly personId: string | null; readonly currency: string }[],
): Promise<Balances> {
  const keys = owners.flatMap(({ personId, currency }) =>
    personId === null ? [] : [personAccount(personId, currency), debtAccount(personId, currency)],
  );
  return readBalances(tx, [...new Map(keys.map((key) => [Object.values(key).join(' '), key])).values()]);
}

import { Link } from '@tanstack/react-router';
import type { AccountOwner } from '../../api/generated/operations.ts';
import { shortOwner } from '../../format/short-id.ts';
import { useWords } from '../../messages/catalogue.ts';
import { ledgerWords } from '../../messages/words.ts';

/** An account by its kind and its owner, with the way to its entries. */
export function AccountLink({ account }: { readonly account: AccountOwner }) {
  const words = useWords(ledgerWords);
  const { account_id, kind, owner, owner_name } = account;
  return (
    <>
      <Link to="/ledger/accounts/$id" params={{ id: String(account_id) }}>
        {words.kinds[kind]}
      </Link>{' '}
      <span className="soft">{owner_name ?? shortOwner(owner)}</span>
    </>
  );
}

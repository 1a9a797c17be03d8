import { type AccountKey, foreignMoneyAccount, personAccount, suspenseAccount } from '../ledger/domain/posting.js';

/** Whose a payment is, if anybody's. */
export interface OwnedMoney {
  readonly personId: string | null;
  /** An admin found that it is not ours: without a person, its money stands on the account of foreign money. */
  readonly isDismissed?: boolean;
  readonly currency: string;
}

/** The account that holds, or held, the money of a payment. */
export function payerAccount({ personId, isDismissed, currency }: OwnedMoney): AccountKey {
  if (personId !== null) return personAccount(personId, currency);
  return isDismissed ? foreignMoneyAccount(currency) : suspenseAccount(currency);
}

import type { Balances } from '../../ledger/domain/balances.js';
import { debtAccount, type Posting } from '../../ledger/domain/posting.js';
import { type OwnedMoney, payerAccount } from '../../payment-rows/payer-account.js';

/** Whose money is taken; the person is null while it stands in suspense, or was dismissed. */
export type Holder = OwnedMoney;

/** How much is to be taken, where it goes, and why. The source key of its transfer is `{sourcePrefix}/{its id}`. */
export type Taking = Omit<Posting, 'id' | 'sourceKey' | 'debit'> & { readonly sourcePrefix: string };

/** Money that left a person or suspense. */
export interface Taken {
  /** Of the transfer. */
  readonly id: string;
  /** What the person did not have, and owes us since. */
  readonly owedMinor: number;
  /** In the order of their ids, in which no running balance of a person falls below zero. */
  readonly postings: readonly Posting[];
}

/**
 * Takes money from its holder, and carries that in `balances`. What a person cannot spend becomes their debt before,
 * debt → person: nothing that is reserved for an order is touched.
 *
 * @param nextId gives new ids, each larger than the one before
 */
export function takeMoney(holder: Holder, taking: Taking, balances: Balances, nextId: () => string): Taken {
  const { personId, currency } = holder;
  const { sourcePrefix, ...posting } = taking;
  const { amountMinor, orderId, paymentId } = posting;
  const owedMinor =
    personId === null
      ? 0
      : amountMinor - Math.max(0, Math.min(amountMinor, balances.spendableMinor(personId, currency)));
  const debtId = nextId();
  const id = nextId();
  const debit = payerAccount(holder);
  const debt: Posting[] =
    personId !== null && owedMinor > 0
      ? [
          {
            id: debtId,
            sourceKey: `debt/${id}`,
            movement: 'raise-debt',
            debit: debtAccount(personId, currency),
            credit: debit,
            amountMinor: owedMinor,
            orderId,
            paymentId,
          },
        ]
      : [];
  const postings: Posting[] = [...debt, { ...posting, id, sourceKey: `${sourcePrefix}/${id}`, debit }];
  for (const one of postings) balances.post(one);
  return { id, owedMinor, postings };
}

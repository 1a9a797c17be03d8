import { isCurrency } from '#kernel/money.js';
import { orRefusal, Refusal } from '#kernel/refusal.js';
import type { Balances } from '../../ledger/domain/balances.js';
import { type Posting, payoutAccount, personAccount } from '../../ledger/domain/posting.js';

/** That money of a person is paid out to them. */
export interface WantedPayout {
  readonly personId: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** How: `cash` or `bank_transfer`. */
  readonly method: string;
  readonly reason: string;
}

/** Money that was paid out. */
export interface Payout extends WantedPayout {
  /** Also the id of the transfer. */
  readonly id: string;
  /** What the person can still spend. */
  readonly availableMinor: number;
}

/** What a set of payouts does, one result each, in order. */
export interface PayoutDecision {
  readonly results: readonly (Payout | Refusal)[];
  readonly postings: readonly Posting[];
}

/**
 * Pays out what persons can spend: person → payouts. Refused are CURRENCY_UNKNOWN and BALANCE_INSUFFICIENT: nothing is
 * paid out that is reserved, or that the person does not have.
 *
 * @param nextId gives new ids, each larger than the one before
 */
export function decidePayouts(
  wanted: readonly WantedPayout[],
  balances: Balances,
  nextId: () => string,
): PayoutDecision {
  const postings: Posting[] = [];
  const results = wanted.map((one) =>
    orRefusal((): Payout => {
      const { personId, currency, amountMinor, method } = one;
      if (!isCurrency(currency)) {
        throw new Refusal('CURRENCY_UNKNOWN', `${currency} is not a currency of ISO 4217.`, { field: 'currency' });
      }
      const spendableMinor = Math.max(0, balances.spendableMinor(personId, currency));
      if (amountMinor > spendableMinor) {
        throw new Refusal('BALANCE_INSUFFICIENT', 'The person has less than this amount available.', {
          field: 'amount_minor',
          available_minor: spendableMinor,
        });
      }
      const id = nextId();
      const posting: Posting = {
        id,
        sourceKey: `payout/${id}`,
        movement: 'pay-out',
        debit: personAccount(personId, currency),
        credit: payoutAccount(method, currency),
        amountMinor,
      };
      balances.post(posting);
      postings.push(posting);
      return { ...one, id, availableMinor: spendableMinor - amountMinor };
    }),
  );
  return { results, postings };
}

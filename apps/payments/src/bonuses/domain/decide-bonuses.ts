import { assert } from '#kernel/assert.js';
import type { Balances } from '../../ledger/domain/balances.js';
import { expenseAccount, type Posting, personAccount } from '../../ledger/domain/posting.js';
import type { Bonus, BonusReversal, KnownBonus } from './bonus.js';

/** Bonuses that are granted now, each once. */
export interface BonusGrants {
  readonly granted: readonly Bonus[];
  readonly postings: readonly Posting[];
}

/** What reversals change. */
export interface BonusReversals {
  /** Reversed before they were granted: their grant, when it arrives later, moves nothing. */
  readonly voided: readonly BonusReversal[];
  /** Granted ones, with what the person still had of them. */
  readonly reversed: readonly { readonly bonusId: string; readonly reason: string; readonly reversedMinor: number }[];
  readonly postings: readonly Posting[];
}

/**
 * Grants each bonus that is not known yet: promotion expense → person. One that was reversed before is known.
 *
 * @throws BrokenInvariant for a bonus that comes back with another person, amount or currency
 */
export function decideGrants(bonuses: readonly Bonus[], known: readonly KnownBonus[]): BonusGrants {
  const granted = unknownOf(bonuses, known);
  return {
    granted,
    postings: granted.map(({ bonusId, personId, amountMinor, currency }) => ({
      id: bonusId,
      sourceKey: `bonus/${bonusId}`,
      movement: 'grant-bonus',
      debit: expenseAccount(currency),
      credit: personAccount(personId, currency),
      amountMinor,
    })),
  };
}

/**
 * Reverses each granted bonus once, as far as its person still has the money: person → promotion expense. Nothing
 * reserved for an order is touched; the rest stays an expense. Several bonuses of a person are reversed in the
 * order of their ids.
 *
 * @param balances of the persons
 * @throws BrokenInvariant for a bonus that comes back with another person, amount or currency
 */
export function decideReversals(
  reversals: readonly BonusReversal[],
  known: readonly KnownBonus[],
  balances: Balances,
  nextId: () => string,
): BonusReversals {
  const voided = unknownOf(reversals, known);
  const reasons = new Map(reversals.toReversed().map(({ bonusId, reason }) => [bonusId, reason]));
  const postings: Posting[] = [];
  const reversed = known
    .filter(({ isReversed }) => !isReversed)
    .toSorted((left, right) => (left.bonusId < right.bonusId ? -1 : 1))
    .map(({ bonusId, personId, amountMinor, currency }) => {
      const reversedMinor = Math.max(0, Math.min(amountMinor, balances.spendableMinor(personId, currency)));
      if (reversedMinor > 0) {
        const posting: Posting = {
          id: nextId(),
          sourceKey: `bonus-reversal/${bonusId}`,
          movement: 'reverse-bonus',
          debit: personAccount(personId, currency),
          credit: expenseAccount(currency),
          amountMinor: reversedMinor,
          correctionOf: bonusId,
        };
        balances.post(posting);
        postings.push(posting);
      }
      return { bonusId, reason: reasons.get(bonusId) as string, reversedMinor };
    });
  return { voided, reversed, postings };
}

/** The first of each bonus that is not known. */
function unknownOf<One extends Bonus>(bonuses: readonly One[], known: readonly KnownBonus[]): One[] {
  const first = new Map<string, Omit<Bonus, 'cause'>>(known.map((bonus) => [bonus.bonusId, bonus]));
  const unknown: One[] = [];
  for (const bonus of bonuses) {
    const same = first.get(bonus.bonusId);
    if (same) {
      assert(agree(bonus, same), `bonus ${bonus.bonusId} comes back with another person, amount or currency`);
      continue;
    }
    first.set(bonus.bonusId, bonus);
    unknown.push(bonus);
  }
  return unknown;
}

function agree(bonus: Omit<Bonus, 'cause'>, known: Omit<Bonus, 'cause'>): boolean {
  return (
    bonus.personId === known.personId && bonus.amountMinor === known.amountMinor && bonus.currency === known.currency
  );
}

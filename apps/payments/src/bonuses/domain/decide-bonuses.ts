import { assert } from '#kernel/assert.js';
import type { Balances } from '../../ledger/domain/balances.js';
import { debtAccount, expenseAccount, type Posting, personAccount } from '../../ledger/domain/posting.js';
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
  /** Granted ones, with what the person did not have of them and owes us since. */
  readonly reversed: readonly { readonly bonusId: string; readonly reason: string; readonly owedMinor: number }[];
  /** In the order of their ids, in which no running balance of a person falls below zero. */
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
 * Reverses each granted bonus once: person → promotion expense, whole. Nothing reserved for an order is touched: what
 * the person cannot spend becomes their debt before, debt → person. Several bonuses of a person are reversed in the
 * order of their ids.
 *
 * @param balances of the persons
 * @param nextId gives new ids, each larger than the one before
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
    .map((bonus) => {
      const { bonusId, personId, amountMinor, currency } = bonus;
      const owedMinor = amountMinor - Math.max(0, Math.min(amountMinor, balances.spendableMinor(personId, currency)));
      for (const posting of reversalOf(bonus, owedMinor, nextId)) {
        balances.post(posting);
        postings.push(posting);
      }
      return { bonusId, reason: reasons.get(bonusId) as string, owedMinor };
    });
  return { voided, reversed, postings };
}

function reversalOf(bonus: KnownBonus, owedMinor: number, nextId: () => string): Posting[] {
  const { bonusId, personId, amountMinor, currency } = bonus;
  const debt: Posting = {
    id: nextId(),
    sourceKey: `debt/${bonusId}`,
    movement: 'raise-debt',
    debit: debtAccount(personId, currency),
    credit: personAccount(personId, currency),
    amountMinor: owedMinor,
  };
  const reversal: Posting = {
    id: nextId(),
    sourceKey: `bonus-reversal/${bonusId}`,
    movement: 'reverse-bonus',
    debit: personAccount(personId, currency),
    credit: expenseAccount(currency),
    amountMinor,
    correctionOf: bonusId,
  };
  return owedMinor > 0 ? [debt, reversal] : [reversal];
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

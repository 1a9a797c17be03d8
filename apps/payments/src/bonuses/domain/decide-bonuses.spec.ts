import { describe, expect, it } from '@jest/globals';
import { Balances } from '../../ledger/domain/balances.js';
import type { Bonus, KnownBonus } from './bonus.js';
import { decideGrants, decideReversals } from './decide-bonuses.js';

const bonus = (bonusId: string, details: Partial<Bonus> = {}): Bonus => ({
  bonusId,
  personId: 'asha',
  amountMinor: 300,
  currency: 'EUR',
  cause: { correlationId: 'test', traceparent: undefined },
  ...details,
});
const known = (bonusId: string, isReversed = false): KnownBonus => ({ ...bonus(bonusId), isReversed });
const reverse = (ids: readonly string[], kept: readonly KnownBonus[], availableMinor: number) => {
  const balances = new Balances([{ kind: 'person', owner: 'asha', currency: 'EUR', availableMinor, version: 1 }]);
  const reversals = ids.map((id) => ({ ...bonus(id), reason: 'refund' }));
  return decideReversals(reversals, kept, balances, () => 'new');
};

describe('a grant', () => {
  it('credits each unknown bonus once', () => {
    const { granted, postings } = decideGrants([bonus('a'), bonus('a'), bonus('known')], [known('known')]);
    expect(granted.map(({ bonusId }) => bonusId)).toEqual(['a']);
    expect(postings).toMatchObject([{ id: 'a', debit: { kind: 'promotion_expense' }, amountMinor: 300 }]);
  });

  it('of a bonus that was reversed before moves nothing', () => {
    expect(decideGrants([bonus('a')], [known('a', true)]).postings).toEqual([]);
  });

  it.each([
    ['amount', { amountMinor: 301 }],
    ['currency', { currency: 'USD' }],
    ['person', { personId: 'ravi' }],
  ])('with another %s than before is a bug', (_, other) => {
    expect(() => decideGrants([bonus('a', other)], [known('a')])).toThrow('bonus a comes back');
    expect(() => decideGrants([bonus('a'), bonus('a', other)], [])).toThrow('bonus a comes back');
  });
});

describe('a reversal', () => {
  it('takes what the person has, in the order of the bonuses; the rest is owed, and raised before it is taken', () => {
    const { reversed, postings } = reverse(['b', 'a'], [known('b'), known('a')], 450);
    expect(reversed.map(({ bonusId, owedMinor }) => [bonusId, owedMinor])).toEqual([
      ['a', 0],
      ['b', 150],
    ]);
    expect(postings.map(({ sourceKey, debit, amountMinor }) => [sourceKey, debit.kind, amountMinor])).toEqual([
      ['bonus-reversal/a', 'person', 300],
      ['debt/b', 'debt', 150],
      ['bonus-reversal/b', 'person', 300],
    ]);
    expect(postings.map(({ id }) => id)).toEqual(postings.map(({ id }) => id).toSorted());
  });

  it('of a person who has nothing left is owed whole', () => {
    expect(reverse(['a'], [known('a')], 0)).toMatchObject({
      reversed: [{ owedMinor: 300 }],
      postings: [{ amountMinor: 300 }, { amountMinor: 300 }],
    });
  });

  it('happens once, and voids a bonus that was not granted yet', () => {
    expect(reverse(['a'], [known('a', true)], 900)).toEqual({ voided: [], reversed: [], postings: [] });
    expect(reverse(['a', 'a'], [], 900).voided.map(({ bonusId }) => bonusId)).toEqual(['a']);
  });
});

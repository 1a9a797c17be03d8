import { describe, expect, it } from '@jest/globals';
import { raiseLimits } from './raised-limits.js';

const reached = { uses: 3, usesOfOnePerson: 2, usesOfOneOffer: null, givenMinor: 200 };

describe('the limits of an imported code', () => {
  it('are raised to what was reached where that exceeds them', () => {
    const limits = { maxUses: 2, maxUsesPerPerson: 1, maxUsesPerOffer: 1, budgetMinor: 150 };
    expect(raiseLimits(limits, reached)).toEqual({
      maxUses: 3,
      maxUsesPerPerson: 2,
      maxUsesPerOffer: 1,
      budgetMinor: 200,
    });
  });

  it('stay where they are kept, or where there are none', () => {
    const limits = { maxUses: 3, maxUsesPerPerson: 9, maxUsesPerOffer: 0, budgetMinor: null };
    expect(raiseLimits(limits, reached)).toEqual(limits);
  });
});

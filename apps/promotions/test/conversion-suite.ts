import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import { findClasses } from '#contracts/subscriptions/classes.js';
import { findPersons } from '#contracts/subscriptions/persons.js';
import { OutsideSystem } from './outside-system.js';
import { PromotionsHarness } from './promotions-harness.js';
import { type CodeColumns, someCode } from './some-code.js';
import { violations } from './violations.js';

/**
 * Two instances on one database, and before each test a new outside system, no messages and empty replies of
 * subscriptions. After all tests of a file it asserts that no invariant is violated.
 */
export function withTwoInstances(
  use: (harness: PromotionsHarness, second: PromotionsHarness, system: OutsideSystem) => void,
): void {
  let harness: PromotionsHarness;
  let second: PromotionsHarness;
  beforeAll(async () => {
    harness = await PromotionsHarness.open();
    second = await PromotionsHarness.open(harness);
    use(harness, second, await OutsideSystem.open(harness));
  });
  beforeEach(async () => {
    await harness.query('delete from outbox');
    use(harness, second, await OutsideSystem.open(harness));
    for (const { others } of [harness, second]) {
      others.on(findPersons, () => ({ persons: [] }));
      others.on(findClasses, () => ({ classes: [] }));
    }
  });
  afterAll(async () => {
    expect(await violations(harness)).toEqual([]);
    await second[Symbol.asyncDispose]();
    await harness[Symbol.asyncDispose]();
  });
}

/** Bonus codes, and their counters. A code gives a tenth of the payout where no amount is named. */
export function bonusCodes(harness: () => PromotionsHarness) {
  const bonusCode = (columns: CodeColumns = {}) => someCode(harness(), { kind: 'bonus', ...columns });
  return {
    bonusCode,
    fixed: (amount_minor: number, columns: CodeColumns = {}) =>
      bonusCode({ amount_minor, currency: 'EUR', ...columns }),
    async counters(codeId: string) {
      const [row] = await harness().query<{
        used: number;
        held: number;
        given: number;
        status: string;
        entries: number;
      }>(`select used, held, given_minor as given, status, last_entry as entries from promo_code where id = $1`, [
        codeId,
      ]);
      return row;
    },
  };
}

import { checkInvariants } from '#persistence/invariant-checks.js';
import { invariantChecks } from '../src/invariant-checks.js';
import type { PromotionsHarness } from './promotions-harness.js';

/** What breaks an invariant of promo codes, in words. Nothing, at any moment. */
export async function violations(harness: PromotionsHarness): Promise<string[]> {
  const findings = await checkInvariants(invariantChecks, (sql) => harness.query(sql));
  return findings.flatMap(({ violations: found }) => found);
}

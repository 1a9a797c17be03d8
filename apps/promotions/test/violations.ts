import { checkInvariants } from '#persistence/proofs.js';
import { proofs } from '../src/proofs.js';
import type { PromotionsHarness } from './harness.js';

/** What breaks an invariant of promo codes, in words. Nothing, at any moment. */
export async function violations(harness: PromotionsHarness): Promise<string[]> {
  const findings = await checkInvariants(proofs, (sql) => harness.query(sql));
  return findings.flatMap(({ violations: found }) => found);
}

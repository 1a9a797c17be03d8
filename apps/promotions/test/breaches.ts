import { prove } from '#persistence/proofs.js';
import { proofs } from '../src/proofs.js';
import type { Workshop } from './workshop.js';

/** What breaks an invariant of promo codes, in words. Nothing, at any moment. */
export async function breaches(workshop: Workshop): Promise<string[]> {
  const findings = await prove(proofs, (sql) => workshop.query(sql));
  return findings.flatMap(({ breaches: found }) => found);
}

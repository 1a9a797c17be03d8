import { Injectable } from '@nestjs/common';
import type { ResponseOf } from '#contracts/contract.js';
import type { proveCode } from '#contracts/promotions/promo-analytics.js';
import { Clock } from '#kernel/clock.js';
import { codeNotFound } from '../codes/domain/code.js';
import { AnalyticsStore, type Counts } from './analytics.store.js';

/**
 * Counts a code's uses from the rows that they left, and compares. Sums only, so that a code of millions of uses is
 * answered too; `npm run verify` compares row by row.
 */
@Injectable()
export class ProveCode {
  constructor(
    private readonly analytics: AnalyticsStore,
    private readonly clock: Clock,
  ) {}

  async execute(codeId: string): Promise<ResponseOf<typeof proveCode>> {
    const counts = await this.analytics.counts(codeId);
    if (!counts) throw codeNotFound();
    const disagreements = disagreementsOf(counts);
    return {
      code_id: codeId,
      code: counts.code,
      counter: counts.used,
      sum_of_rows: counts.entries_used,
      analytics: counts.analytics_used,
      holds: { counter: counts.held, rows: counts.held_rows },
      per_person: counts.per_person,
      per_offer: counts.per_offer,
      max_uses: counts.max_uses,
      agrees: disagreements.length === 0,
      disagreements,
      at: this.clock.now().toString(),
    };
  }
}

function disagreementsOf(counts: Counts): string[] {
  const taken = counts.used + counts.held;
  const claims: [boolean, string][] = [
    [counts.entries_used === counts.used, `The counter says ${counts.used} uses, the journal ${counts.entries_used}.`],
    [
      counts.analytics_used === counts.used,
      `The counter says ${counts.used} uses, analytics ${counts.analytics_used}.`,
    ],
    [
      counts.rolled_person_uses === counts.rolled_uses,
      `The rollups hold ${counts.rolled_uses} uses; added up over persons and days they are ${counts.rolled_person_uses}.`,
    ],
    [
      counts.visits === counts.person_days,
      `Persons used offers on ${counts.person_days} days; counted by offer and day they are ${counts.visits}.`,
    ],
    [counts.held_rows === counts.held, `The counter says ${counts.held} holds, there are ${counts.held_rows}.`],
    [counts.per_person === taken, `${taken} slots are taken; added up over persons they are ${counts.per_person}.`],
    [
      counts.per_offer === counts.with_offer,
      `${counts.with_offer} taken slots name an offer; added up over offers they are ${counts.per_offer}.`,
    ],
    [counts.max_uses === null || taken <= counts.max_uses, `${taken} slots are taken of ${counts.max_uses}.`],
  ];
  return claims.filter(([holds]) => !holds).map(([, says]) => says);
}

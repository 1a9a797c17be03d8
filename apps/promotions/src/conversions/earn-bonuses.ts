import { Injectable } from '@nestjs/common';
import { bonusEarned } from '#contracts/conversions.js';
import { Clock } from '#kernel/clock.js';
import { newEvent, Outbox } from '#messaging/publishing/outbox.js';
import type { Tx } from '#persistence/transaction.js';
import { ApplicationsStore } from '../applications/applications.store.js';
import type { Application } from '../applications/domain/application.js';
import { AdmitRedemptions } from '../redemptions/admitting/admit-redemptions.js';
import type { Redemption } from '../redemptions/domain/redemption.js';
import { RedemptionsStore } from '../redemptions/redemptions.store.js';
import { BonusAllocation, type Candidate, notBesideAnother, requestOf } from './domain/bonus-allocation.js';
import { bonusOf, type Conversion, type Earnings, earns } from './domain/conversion.js';
import { PrefilterCandidates } from './prefilter-candidates.js';

/**
 * Uses the bonus codes that persons have taken for what they have now completed. The limits decide exactly; what is
 * earned is told in the same transaction. In rounds: nearly always one, and another only for those whose code did not
 * work and who have a further one. However many used-up codes somebody has, they go in one round. A use that was there
 * before is answered and not told: it was told with the transaction that made it, or paid by the former system.
 */
@Injectable()
export class EarnBonuses {
  constructor(
    private readonly applications: ApplicationsStore,
    private readonly redemptions: RedemptionsStore,
    private readonly prefilterCandidates: PrefilterCandidates,
    private readonly admitRedemptions: AdmitRedemptions,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** What each conversion earned and what refused it, by its id. None of them may have been recorded before. */
  async execute(tx: Tx, conversions: readonly Conversion[]): Promise<ReadonlyMap<string, Earnings>> {
    const former = await this.importedOf(tx, conversions);
    const allocations = await this.allocationsOf(
      tx,
      conversions.filter(({ id }) => !former.has(id)),
    );
    await this.prefilterCandidates.execute(tx, allocations);
    const tally: Totals = { repeated: new Set(), spent: new Set(), beside: [] };
    for (let round = nextRound(allocations, tally); round.length > 0; round = nextRound(allocations, tally)) {
      await this.tryRound(tx, round, tally);
    }
    // They are refused already, and asked for once more for their receipts.
    await this.admitRedemptions.execute(
      tx,
      tally.beside.map(({ allocation, candidate }) => ({
        ...requestOf(allocation, candidate),
        ineligibility: notBesideAnother(candidate),
      })),
    );
    await this.applications.save(
      tx,
      [...tally.spent].map((application) => ({ ...application, state: 'spent' as const })),
    );
    await this.publish(tx, allocations, tally);
    return new Map([
      ...former,
      ...allocations.map(({ conversion, uses, refusals }): [string, Earnings] => [conversion.id, { uses, refusals }]),
    ]);
  }

  /**
   * What was brought from the former system with the conversion: it has its uses, and tries no other code. Orders are
   * from here, so there is nothing to look for.
   */
  private async importedOf(tx: Tx, conversions: readonly Conversion[]): Promise<Map<string, Earnings>> {
    const outside = new Map(conversions.flatMap((one) => (one.orderId === null ? [[one.id, one] as const] : [])));
    if (outside.size === 0) return new Map();
    const uses = await this.redemptions.ofConversions(tx, [...outside.keys()]);
    const former = new Map<string, Earnings>();
    for (const [id, own] of Map.groupBy(uses, ({ conversionId }) => conversionId as string)) {
      const { currency } = outside.get(id) as Conversion;
      former.set(id, { uses: own.map((use) => usedBefore(use, currency)), refusals: [] });
    }
    return former;
  }

  private async allocationsOf(tx: Tx, conversions: readonly Conversion[]): Promise<BonusAllocation[]> {
    const applications = await this.applications.lockLive(
      tx,
      conversions.map(({ personId }) => personId),
    );
    const rules = await this.redemptions.findRules(tx, [], [...new Set(applications.map(({ codeId }) => codeId))]);
    const candidates = applications.flatMap((application) => {
      const found = rules.get(application.codeId);
      return found ? [{ application, rules: found }] : [];
    });
    const ofPerson = Map.groupBy(candidates, ({ application }) => application.personId);
    return conversions.map((conversion) => new BonusAllocation(conversion, ofPerson.get(conversion.personId) ?? []));
  }

  /** Asks for what is tried in a round, and notes on each allocation, and in `tally`, what became of it. */
  private async tryRound(tx: Tx, round: readonly Attempt[], tally: Totals): Promise<void> {
    const admissions = await this.admitRedemptions.execute(
      tx,
      round.map(({ allocation, candidate }) => requestOf(allocation, candidate)),
    );
    for (const [index, { allocation, candidate }] of round.entries()) {
      const admission = admissions[index] as (typeof admissions)[number];
      if ('refusal' in admission) {
        allocation.fail(candidate, admission.refusal.code, admission.refusal.details);
        continue;
      }
      for (const { redemptionId, benefitMinor, currency, explanation } of admission.redemptions) {
        allocation.succeed(candidate, {
          use_id: redemptionId,
          bonus_minor: benefitMinor,
          currency: currency ?? allocation.conversion.currency,
          explanation,
        });
        if (admission.repeated) tally.repeated.add(redemptionId);
      }
      if (countsOnApply(candidate) && !admission.repeated) tally.spent.add(candidate.application);
    }
    for (const allocation of new Set(round.map((tried) => tried.allocation)))
      tally.beside.push(...allocation.endRound().map((candidate) => ({ allocation, candidate })));
  }

  private async publish(tx: Tx, allocations: readonly BonusAllocation[], { repeated }: Totals): Promise<void> {
    const earnedAt = this.clock.now().toString();
    await this.outbox.add(
      tx,
      allocations.flatMap(({ conversion, uses }) =>
        uses
          .filter((use) => earns(use) && !repeated.has(use.use_id))
          .map((use) =>
            newEvent(bonusEarned, {
              subject: use.use_id,
              data: {
                ...bonusOf(use, conversion),
                order_id: conversion.orderId ?? undefined,
                earned_at: earnedAt,
              },
              cause: conversion.cause ?? undefined,
            }),
          ),
      ),
    );
  }
}

/** A code that is tried for a conversion. */
interface Attempt {
  readonly allocation: BonusAllocation;
  readonly candidate: Candidate;
}

/** What came of the rounds so far. */
interface Totals {
  /** Uses, by id, that were there before: they are answered, and not told again. */
  readonly repeated: Set<string>;
  /** What persons had taken and had a slot held for, which is redeemed now. */
  readonly spent: Set<Application>;
  /** Codes that would have to stand beside one that works. */
  readonly beside: Attempt[];
}

/**
 * The attempts of the next round; empty when all allocations are complete. A hold is redeemed once: the first
 * conversion that wants it attempts it, and the others wait for the result.
 */
function nextRound(allocations: readonly BonusAllocation[], { spent }: Totals): Attempt[] {
  const wanted = new Set<Application>();
  return allocations.flatMap((allocation) => {
    allocation.exclude(spent);
    const held = allocation.next.filter(countsOnApply).map(({ application }) => application);
    if (held.some((application) => wanted.has(application))) return [];
    for (const application of held) wanted.add(application);
    return allocation.next.map((candidate) => ({ allocation, candidate }));
  });
}

function usedBefore(use: Redemption, currency: string): Earnings['uses'][number] {
  return {
    use_id: use.redemptionId,
    code_id: use.codeId,
    code: use.code,
    bonus_minor: use.benefitMinor,
    currency: use.currency ?? currency,
    explanation: use.explanation,
  };
}

function countsOnApply({ rules }: Candidate): boolean {
  return rules.countsOn === 'apply';
}

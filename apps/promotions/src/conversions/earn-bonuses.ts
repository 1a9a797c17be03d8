import { Injectable } from '@nestjs/common';
import { bonusEarned } from '#contracts/promotions/conversions.js';
import { newEvent, Outbox } from '#messaging/publishing/outbox.js';
import type { Tx } from '#persistence/transaction.js';
import { ApplicationsStore } from '../applications/applications.store.js';
import type { Application } from '../applications/domain/application.js';
import { AdmitRedemptions } from '../redemptions/admitting/admit-redemptions.js';
import type { Redemption } from '../redemptions/domain/redemption.js';
import { RedemptionsStore } from '../redemptions/redemptions.store.js';
import { BonusAllocation, type Candidate, notBesideAnother, requestOf } from './domain/bonus-allocation.js';
import { bonusOf, type Conversion, type Earnings, earns, keyOf } from './domain/conversion.js';
import { PrefilterCandidates } from './prefilter-candidates.js';

/**
 * A step in the transaction of the caller. Redeems the bonus codes that persons applied, for their conversions, within
 * the limits of the codes, and publishes bonus-earned. Runs in rounds: nearly always one, and another one only for
 * persons whose code was refused and who have a further code. Any number of exhausted codes share one round. A
 * redemption that existed before is in the reply but not published: it was published with its transaction, or paid by
 * the legacy system.
 */
@Injectable()
export class EarnBonuses {
  constructor(
    private readonly applications: ApplicationsStore,
    private readonly redemptions: RedemptionsStore,
    private readonly prefilterCandidates: PrefilterCandidates,
    private readonly admitRedemptions: AdmitRedemptions,
    private readonly outbox: Outbox,
  ) {}

  /**
   * The bonuses and refusals of each conversion, by `keyOf`. The caller has made sure that none was recorded before.
   */
  async execute(
    tx: Tx,
    conversions: readonly Conversion[],
    at: Temporal.Instant,
  ): Promise<ReadonlyMap<string, Earnings>> {
    const imported = await this.importedOf(tx, conversions);
    const allocations = await this.allocationsOf(
      tx,
      conversions.filter((conversion) => !imported.has(keyOf(conversion))),
    );
    await this.prefilterCandidates.execute(tx, allocations);
    const totals: Totals = { repeated: new Set(), spent: new Set(), beside: [] };
    for (let round = nextRound(allocations, totals); round.length > 0; round = nextRound(allocations, totals)) {
      await this.tryRound(tx, round, totals);
    }
    // These are refused already, and requested only for their receipts.
    await this.admitRedemptions.execute(
      tx,
      totals.beside.map(({ allocation, candidate }) => ({
        ...requestOf(allocation, candidate),
        ineligibility: notBesideAnother(candidate),
      })),
    );
    await this.applications.save(
      tx,
      [...totals.spent].map((application) => ({ ...application, state: 'spent' as const })),
    );
    await this.publish(tx, allocations, totals, at);
    return new Map([
      ...imported,
      ...allocations.map(({ conversion, redemptions, refusals }): [string, Earnings] => [
        keyOf(conversion),
        { redemptions, refusals },
      ]),
    ]);
  }

  /**
   * Conversions that the legacy import stored: each has its redemptions, and attempts no other code. Orders are never
   * imported, so they are not looked up.
   */
  private async importedOf(tx: Tx, conversions: readonly Conversion[]): Promise<Map<string, Earnings>> {
    const outside = new Map(conversions.flatMap((one) => (one.orderId === null ? [[keyOf(one), one] as const] : [])));
    if (outside.size === 0) return new Map();
    const redemptions = await this.redemptions.ofConversions(tx, [...outside.values()]);
    const imported = new Map<string, Earnings>();
    for (const [key, own] of Map.groupBy(redemptions, ({ conversionId, sender }) =>
      keyOf({ id: conversionId as string, sender }),
    )) {
      const { currency } = outside.get(key) as Conversion;
      imported.set(key, { redemptions: own.map((use) => importedBonus(use, currency)), refusals: [] });
    }
    return imported;
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

  /** Requests the attempts of a round, and stores the results in the allocations and in `totals`. */
  private async tryRound(tx: Tx, round: readonly Attempt[], totals: Totals): Promise<void> {
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
          redemption_id: redemptionId,
          bonus_minor: benefitMinor,
          currency: currency ?? allocation.conversion.currency,
          explanation,
        });
        if (admission.repeated) totals.repeated.add(redemptionId);
      }
      if (countsOnApply(candidate) && !admission.repeated) totals.spent.add(candidate.application);
    }
    for (const allocation of new Set(round.map((tried) => tried.allocation)))
      totals.beside.push(...allocation.endRound().map((candidate) => ({ allocation, candidate })));
  }

  private async publish(
    tx: Tx,
    allocations: readonly BonusAllocation[],
    { repeated }: Totals,
    at: Temporal.Instant,
  ): Promise<void> {
    const earnedAt = at.toString();
    await this.outbox.add(
      tx,
      allocations.flatMap(({ conversion, redemptions }) =>
        redemptions
          .filter((use) => earns(use) && !repeated.has(use.redemption_id))
          .map((use) =>
            newEvent(bonusEarned, {
              subject: use.redemption_id,
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

/** A code that is attempted for a conversion. */
interface Attempt {
  readonly allocation: BonusAllocation;
  readonly candidate: Candidate;
}

/** The results of the rounds so far. */
interface Totals {
  /** Ids of redemptions that existed before: they are in the reply, and not published again. */
  readonly repeated: Set<string>;
  /** Applications whose hold is redeemed now. */
  readonly spent: Set<Application>;
  /** Candidates that cannot be combined with the admitted one. */
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

function importedBonus(use: Redemption, currency: string): Earnings['redemptions'][number] {
  return {
    redemption_id: use.redemptionId,
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

import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import type { Tx } from '#persistence/transaction.js';
import {
  type EvaluatedCode,
  evaluateRequest,
  isIneligible,
  noPersons,
} from '../redemptions/domain/redemption-request.js';
import { RedemptionsStore } from '../redemptions/redemptions.store.js';
import { type BonusAllocation, type Candidate, requestOf } from './domain/bonus-allocation.js';

/**
 * Runs before conversions attempt several codes of one person. Locks all candidate codes in one order, and then the
 * slots of new persons, so that the rounds of two transactions cannot deadlock, and marks the exhausted candidates of
 * each allocation. A person may have any number of codes that are used up; each of them attempted alone would cost a
 * round.
 *
 * Decides nothing: exhausted candidates are attempted like all others, and refused under the same locks, each with its
 * receipt. While the locks are held only this transaction changes the counters, and it only takes slots. So a candidate
 * that is exhausted now is exhausted in its round.
 */
@Injectable()
export class PrefilterCandidates {
  constructor(
    private readonly redemptions: RedemptionsStore,
    private readonly clock: Clock,
  ) {}

  async execute(tx: Tx, allocations: readonly BonusAllocation[]): Promise<void> {
    const several = allocations.filter(({ candidates }) => candidates.length > 1);
    if (several.length === 0) return;
    const codes = await this.redemptions.lockCodes(
      tx,
      allocations.flatMap(({ candidates }) => candidates.map((candidate) => candidate.rules.id)),
    );
    await this.redemptions.lockNewPersons(
      tx,
      allocations.flatMap(({ candidates, conversion }) =>
        candidates.some(({ rules }) => codes.get(rules.id)?.audience === 'new_persons') ? [conversion.personId] : [],
      ),
    );
    const now = this.clock.now();
    const evaluated = several.flatMap((allocation) =>
      allocation.candidates.map((candidate) => {
        // Rules about persons are evaluated when a code is applied, and not again here.
        const [own] = evaluateRequest(requestOf(allocation, candidate), { codes, ...noPersons }, now);
        return { allocation, candidate, own: own as EvaluatedCode };
      }),
    );
    const limitChecks = await this.redemptions.limitChecks(
      tx,
      evaluated.map(({ allocation: { conversion }, candidate, own }) => ({
        codeId: candidate.rules.id,
        personId: conversion.personId,
        offerId: conversion.offerId,
        benefitMinor: own.benefit.benefitMinor,
        hasSlot: candidate.application.redemptionId !== null,
      })),
    );
    const exhausted = evaluated.filter(
      ({ own }, index) => isIneligible([own]) || typeof limitChecks[index]?.limitReached === 'string',
    );
    for (const [allocation, its] of Map.groupBy(exhausted, ({ allocation }) => allocation))
      allocation.markExhausted(new Set(its.map(({ candidate }): Candidate => candidate)));
  }
}

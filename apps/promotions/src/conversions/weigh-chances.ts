import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import type { Tx } from '#persistence/transaction.js';
import { isRefused, type Judged, judgeAsk, nobody } from '../uses/asking.js';
import { UsesStore } from '../uses/uses.store.js';
import { askOf, type Chance, type Trial } from './trial.js';

/**
 * Before conversions try several codes of a person: locks all their codes, so that the rounds of two transactions do
 * not meet crosswise, and tells each trial which of them surely do not work. A person may have any number of codes that
 * are used up; each that was tried alone would cost a round.
 *
 * Nothing is decided here: those without hope are tried like all others, and refused under the same locks, each with
 * its receipt. While the locks are held the counters move by this transaction's own uses alone, which only take room;
 * so who finds none now finds none in their turn.
 */
@Injectable()
export class WeighChances {
  constructor(
    private readonly uses: UsesStore,
    private readonly clock: Clock,
  ) {}

  async execute(tx: Tx, trials: readonly Trial[]): Promise<void> {
    const several = trials.filter(({ chances }) => chances.length > 1);
    if (several.length === 0) return;
    const terms = await this.uses.lockCodes(
      tx,
      trials.flatMap(({ chances }) => chances.map((chance) => chance.terms.id)),
    );
    const now = this.clock.now();
    const judged = several.flatMap((trial) =>
      trial.chances.map((chance) => {
        // Rules about persons are asked when a code is taken, and not again here.
        const [own] = judgeAsk(askOf(trial, chance), { terms, ...nobody }, now);
        return { trial, chance, own: own as Judged };
      }),
    );
    const rooms = await this.uses.rooms(
      tx,
      judged.map(({ trial: { conversion }, chance, own }) => ({
        codeId: chance.terms.id,
        personId: conversion.personId,
        offerId: conversion.offerId,
        benefitMinor: own.benefit.benefitMinor,
        hasSlot: chance.application.useId !== null,
      })),
    );
    const hopeless = judged.filter(({ own }, index) => isRefused([own]) || typeof rooms[index]?.met === 'string');
    for (const [trial, its] of Map.groupBy(hopeless, ({ trial }) => trial))
      trial.giveUpHopeFor(new Set(its.map(({ chance }): Chance => chance)));
  }
}

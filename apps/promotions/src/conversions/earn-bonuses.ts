import { Injectable } from '@nestjs/common';
import { bonusEarned } from '#contracts/conversions.js';
import { Clock } from '#kernel/clock.js';
import { newEvent, Outbox } from '#messaging/publishing/outbox.js';
import type { Tx } from '#persistence/transaction.js';
import type { Application } from '../applications/application.js';
import { ApplicationsStore } from '../applications/applications.store.js';
import { AdmitUses } from '../uses/admit-uses.js';
import { type Use, UsesStore } from '../uses/uses.store.js';
import { bonusOf, type Conversion, type Earnings, earns } from './conversion.js';
import { askOf, besideAnother, type Chance, Trial } from './trial.js';
import { WeighChances } from './weigh-chances.js';

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
    private readonly uses: UsesStore,
    private readonly weighChances: WeighChances,
    private readonly admitUses: AdmitUses,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** What each conversion earned and what refused it, by its id. None of them may have been recorded before. */
  async execute(tx: Tx, conversions: readonly Conversion[]): Promise<ReadonlyMap<string, Earnings>> {
    const former = await this.formerOf(tx, conversions);
    const trials = await this.trialsOf(
      tx,
      conversions.filter(({ id }) => !former.has(id)),
    );
    await this.weighChances.execute(tx, trials);
    const tally: Tally = { repeated: new Set(), spent: new Set(), beside: [] };
    for (let round = nextRound(trials, tally); round.length > 0; round = nextRound(trials, tally)) {
      await this.tryRound(tx, round, tally);
    }
    // They are refused already, and asked for once more for their receipts.
    await this.admitUses.execute(
      tx,
      tally.beside.map(({ trial, chance }) => ({ ...askOf(trial, chance), objection: besideAnother(chance) })),
    );
    await this.applications.save(
      tx,
      [...tally.spent].map((application) => ({ ...application, state: 'spent' as const })),
    );
    await this.tell(tx, trials, tally);
    return new Map([
      ...former,
      ...trials.map(({ conversion, uses, refusals }): [string, Earnings] => [conversion.id, { uses, refusals }]),
    ]);
  }

  /**
   * What was brought from the former system with the conversion: it has its uses, and tries no other code. Orders are
   * from here, so there is nothing to look for.
   */
  private async formerOf(tx: Tx, conversions: readonly Conversion[]): Promise<Map<string, Earnings>> {
    const outside = new Map(conversions.flatMap((one) => (one.orderId === null ? [[one.id, one] as const] : [])));
    if (outside.size === 0) return new Map();
    const uses = await this.uses.ofConversions(tx, [...outside.keys()]);
    const former = new Map<string, Earnings>();
    for (const [id, own] of Map.groupBy(uses, ({ conversionId }) => conversionId as string)) {
      const { currency } = outside.get(id) as Conversion;
      former.set(id, { uses: own.map((use) => usedBefore(use, currency)), refusals: [] });
    }
    return former;
  }

  private async trialsOf(tx: Tx, conversions: readonly Conversion[]): Promise<Trial[]> {
    const applications = await this.applications.lockLive(
      tx,
      conversions.map(({ personId }) => personId),
    );
    const terms = await this.uses.terms(tx, [], [...new Set(applications.map(({ codeId }) => codeId))]);
    const chances = applications.flatMap((application) => {
      const found = terms.get(application.codeId);
      return found ? [{ application, terms: found }] : [];
    });
    const ofPerson = Map.groupBy(chances, ({ application }) => application.personId);
    return conversions.map((conversion) => new Trial(conversion, ofPerson.get(conversion.personId) ?? []));
  }

  /** Asks for what is tried in a round, and notes on each trial, and in `tally`, what became of it. */
  private async tryRound(tx: Tx, round: readonly Tried[], tally: Tally): Promise<void> {
    const admissions = await this.admitUses.execute(
      tx,
      round.map(({ trial, chance }) => askOf(trial, chance)),
    );
    for (const [index, { trial, chance }] of round.entries()) {
      const admission = admissions[index] as (typeof admissions)[number];
      if ('refusal' in admission) {
        trial.fail(chance, admission.refusal.code, admission.refusal.details);
        continue;
      }
      for (const { useId, benefitMinor, currency, explanation } of admission.uses) {
        trial.succeed(chance, {
          use_id: useId,
          bonus_minor: benefitMinor,
          currency: currency ?? trial.conversion.currency,
          explanation,
        });
        if (admission.repeated) tally.repeated.add(useId);
      }
      if (countsOnApply(chance) && !admission.repeated) tally.spent.add(chance.application);
    }
    for (const trial of new Set(round.map((tried) => tried.trial)))
      tally.beside.push(...trial.endRound().map((chance) => ({ trial, chance })));
  }

  private async tell(tx: Tx, trials: readonly Trial[], { repeated }: Tally): Promise<void> {
    const earnedAt = this.clock.now().toString();
    await this.outbox.add(
      tx,
      trials.flatMap(({ conversion, uses }) =>
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
interface Tried {
  readonly trial: Trial;
  readonly chance: Chance;
}

/** What came of the rounds so far. */
interface Tally {
  /** Uses, by id, that were there before: they are answered, and not told again. */
  readonly repeated: Set<string>;
  /** What persons had taken and had a slot held for, which is redeemed now. */
  readonly spent: Set<Application>;
  /** Codes that would have to stand beside one that works. */
  readonly beside: Tried[];
}

/**
 * What is tried next; nothing when all trials are through. A slot that is held for a code is redeemed once: of several
 * conversions that want it the first tries, and the others wait for what becomes of it.
 */
function nextRound(trials: readonly Trial[], { spent }: Tally): Tried[] {
  const wanted = new Set<Application>();
  return trials.flatMap((trial) => {
    trial.without(spent);
    const held = trial.next.filter(countsOnApply).map(({ application }) => application);
    if (held.some((application) => wanted.has(application))) return [];
    for (const application of held) wanted.add(application);
    return trial.next.map((chance) => ({ trial, chance }));
  });
}

function usedBefore(use: Use, currency: string): Earnings['uses'][number] {
  return {
    use_id: use.useId,
    code_id: use.codeId,
    code: use.code,
    bonus_minor: use.benefitMinor,
    currency: use.currency ?? currency,
    explanation: use.explanation,
  };
}

function countsOnApply({ terms }: Chance): boolean {
  return terms.countsOn === 'apply';
}

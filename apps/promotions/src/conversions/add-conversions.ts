import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import type { Tx } from '#persistence/transaction.js';
import { PromotionsSettings } from '../promotions.config.js';
import { ConversionsStore, type RecordedConversion } from './conversions.store.js';
import {
  type Conversion,
  hashOf,
  keyOf,
  type OccurredBounds,
  type Outcome,
  problemOf,
  recorded,
  unrecorded,
} from './domain/conversion.js';
import { EarnBonuses } from './earn-bonuses.js';
import type { References } from './find-references.js';

/**
 * A step in the transaction of RecordConversions. Records valid conversions with the bonuses that they earn; a
 * conversion id that is recorded already gets its first outcome, or CONVERSION_REUSED where the content differs.
 */
@Injectable()
export class AddConversions {
  constructor(
    private readonly conversions: ConversionsStore,
    private readonly earnBonuses: EarnBonuses,
    private readonly settings: PromotionsSettings,
    private readonly clock: Clock,
  ) {}

  /** One outcome for each conversion, in order. */
  async execute(tx: Tx, conversions: readonly Conversion[], references: References): Promise<Outcome[]> {
    const { persons, offers } = references;
    const firsts = new Map<string, Conversion>();
    for (const conversion of conversions) if (!firsts.has(keyOf(conversion))) firsts.set(keyOf(conversion), conversion);
    const earlier = new Map(references.recorded);
    const unrecordedYet = [...firsts].flatMap(([key, conversion]) => (earlier.has(key) ? [] : [conversion]));
    const at = this.clock.now();
    const bounds = this.boundsAt(at);
    const problems = new Map(
      unrecordedYet.flatMap((conversion) => {
        const { personId, offerId } = conversion;
        const problem = problemOf(conversion, offers.get(offerId), persons.has(personId), bounds);
        return problem ? [[keyOf(conversion), problem]] : [];
      }),
    );
    const valid = unrecordedYet.filter((conversion) => !problems.has(keyOf(conversion)));
    const added = valid.length > 0 ? await this.conversions.add(tx, valid, at) : new Set<string>();
    const fresh = valid.filter((conversion) => added.has(keyOf(conversion)));
    const earnings = fresh.length > 0 ? await this.earnBonuses.execute(tx, fresh, at) : new Map();
    if (fresh.length > 0) await this.conversions.answer(tx, fresh, earnings);
    // Another instance recorded these meanwhile.
    const overtaken = valid.filter((conversion) => !added.has(keyOf(conversion)));
    if (overtaken.length > 0)
      for (const [key, found] of await this.conversions.find(overtaken, tx)) earlier.set(key, found);
    return conversions.map((conversion) => {
      const { id } = conversion;
      const key = keyOf(conversion);
      const before = earlier.get(key);
      if (before) return repeated(conversion, before);
      if (!hashOf(conversion).equals(hashOf(firsts.get(key) as Conversion))) return unrecorded(id, 'CONVERSION_REUSED');
      const problem = problems.get(key);
      return problem ? unrecorded(id, problem) : recorded(id, earnings.get(key), at);
    });
  }

  private boundsAt(now: Temporal.Instant): OccurredBounds {
    const { pastDays, aheadSeconds } = this.settings.conversionBounds;
    return { earliest: now.subtract({ hours: 24 * pastDays }), latest: now.add({ seconds: aheadSeconds }) };
  }
}

function repeated(conversion: Conversion, { contentHash, earnings, recordedAt }: RecordedConversion): Outcome {
  const isSame = hashOf(conversion).equals(contentHash);
  return isSame ? recorded(conversion.id, earnings, recordedAt) : unrecorded(conversion.id, 'CONVERSION_REUSED');
}

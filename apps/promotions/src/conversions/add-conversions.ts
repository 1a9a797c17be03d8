import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import type { Tx } from '#persistence/transaction.js';
import { ConversionsStore, type RecordedConversion } from './conversions.store.js';
import { type Conversion, hashOf, type Outcome, problemOf, recorded, unrecorded } from './domain/conversion.js';
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
    private readonly clock: Clock,
  ) {}

  /** One outcome for each conversion, in order. */
  async execute(tx: Tx, conversions: readonly Conversion[], references: References): Promise<Outcome[]> {
    const { persons, offers } = references;
    const firsts = new Map<string, Conversion>();
    for (const conversion of conversions) if (!firsts.has(conversion.id)) firsts.set(conversion.id, conversion);
    const earlier = new Map(references.recorded);
    const unrecordedYet = [...firsts.values()].filter(({ id }) => !earlier.has(id));
    const problems = new Map(
      unrecordedYet.flatMap((conversion) => {
        const { id, personId, offerId } = conversion;
        const problem = problemOf(conversion, offers.get(offerId), persons.has(personId));
        return problem ? [[id, problem]] : [];
      }),
    );
    const valid = unrecordedYet.filter(({ id }) => !problems.has(id));
    const at = this.clock.now();
    const added = valid.length > 0 ? await this.conversions.add(tx, valid, at) : new Set<string>();
    const fresh = valid.filter(({ id }) => added.has(id));
    const earnings = fresh.length > 0 ? await this.earnBonuses.execute(tx, fresh, at) : new Map();
    if (fresh.length > 0) await this.conversions.answer(tx, earnings);
    // Another instance recorded these meanwhile.
    const overtaken = valid.filter(({ id }) => !added.has(id)).map(({ id }) => id);
    if (overtaken.length > 0)
      for (const [id, found] of await this.conversions.find(overtaken, tx)) earlier.set(id, found);
    return conversions.map((conversion) => {
      const { id } = conversion;
      const before = earlier.get(id);
      if (before) return repeated(conversion, before);
      if (!hashOf(conversion).equals(hashOf(firsts.get(id) as Conversion))) return unrecorded(id, 'CONVERSION_REUSED');
      const problem = problems.get(id);
      return problem ? unrecorded(id, problem) : recorded(id, earnings.get(id), at);
    });
  }
}

function repeated(conversion: Conversion, { contentHash, earnings, recordedAt }: RecordedConversion): Outcome {
  const isSame = hashOf(conversion).equals(contentHash);
  return isSame ? recorded(conversion.id, earnings, recordedAt) : unrecorded(conversion.id, 'CONVERSION_REUSED');
}

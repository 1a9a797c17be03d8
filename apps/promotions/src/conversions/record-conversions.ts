import { Injectable } from '@nestjs/common';
import type { recordConversions } from '#contracts/conversions.js';
import { Clock } from '#kernel/clock.js';
import type { CommandOf, ReplyOf } from '#messaging/envelope.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { OffersStore } from '../offers/offers.store.js';
import { PersonsStore } from '../persons/persons.store.js';
import { type Conversion, conversionOf, hashOf, type Outcome, problemOf, recorded, unrecorded } from './conversion.js';
import { ConversionsStore, type RecordedConversion } from './conversions.store.js';
import { EarnBonuses } from './earn-bonuses.js';

/** Conversions in one transaction, at the most; a request that brings as many goes by itself. */
const setMax = 1_000;

/**
 * Records what outside systems tell. A conversion that is told again gets its first answer, and nothing happens; what
 * cannot be recorded leaves nothing behind, and can be told again once its person or offer is known.
 */
@Injectable()
export class RecordConversions {
  constructor(
    private readonly transactions: Transactions,
    private readonly conversions: ConversionsStore,
    private readonly offers: OffersStore,
    private readonly persons: PersonsStore,
    private readonly earnBonuses: EarnBonuses,
    private readonly clock: Clock,
  ) {}

  async execute(batch: readonly CommandOf<typeof recordConversions>[]): Promise<ReplyOf<typeof recordConversions>[]> {
    const replies: ReplyOf<typeof recordConversions>[] = [];
    for (const commands of setsOf(batch)) {
      const told = commands.map((command) => command.data.conversions.map((one) => conversionOf(one, command)));
      const outcomes = await this.transactions.run((tx) => this.record(tx, told.flat()));
      for (const { length } of told) replies.push({ answer: { items: outcomes.splice(0, length) } });
    }
    return replies;
  }

  private async record(tx: Tx, told: readonly Conversion[]): Promise<Outcome[]> {
    const firsts = new Map<string, Conversion>();
    for (const conversion of told) if (!firsts.has(conversion.id)) firsts.set(conversion.id, conversion);
    const known = new Map(await this.conversions.find([...firsts.keys()], tx));
    const unknown = [...firsts.values()].filter(({ id }) => !known.has(id));
    const problems = await this.problemsOf(tx, unknown);
    const sound = unknown.filter(({ id }) => !problems.has(id));
    const at = this.clock.now();
    const added = sound.length > 0 ? await this.conversions.add(tx, sound, at) : new Set<string>();
    const fresh = sound.filter(({ id }) => added.has(id));
    const earnings = fresh.length > 0 ? await this.earnBonuses.execute(tx, fresh) : new Map();
    if (fresh.length > 0) await this.conversions.answer(tx, earnings);
    // Somebody else recorded them a moment ago.
    const overtaken = sound.filter(({ id }) => !added.has(id)).map(({ id }) => id);
    if (overtaken.length > 0)
      for (const [id, found] of await this.conversions.find(overtaken, tx)) known.set(id, found);
    return told.map((conversion) => {
      const { id } = conversion;
      const before = known.get(id);
      if (before) return repeated(conversion, before);
      if (!hashOf(conversion).equals(hashOf(firsts.get(id) as Conversion))) return unrecorded(id, 'CONVERSION_REUSED');
      const problem = problems.get(id);
      return problem ? unrecorded(id, problem) : recorded(id, earnings.get(id), at);
    });
  }

  private async problemsOf(tx: Tx, conversions: readonly Conversion[]) {
    if (conversions.length === 0) return new Map<string, never>();
    const offers = await this.offers.find(
      conversions.map(({ offerId }) => offerId),
      tx,
    );
    const persons = await this.persons.known(
      conversions.map(({ personId }) => personId),
      tx,
    );
    return new Map(
      conversions.flatMap((conversion) => {
        const { id, personId, offerId } = conversion;
        const problem = problemOf(conversion, offers.get(offerId), persons.has(personId));
        return problem ? [[id, problem]] : [];
      }),
    );
  }
}

function repeated(conversion: Conversion, { contentHash, earnings, recordedAt }: RecordedConversion): Outcome {
  const isSame = hashOf(conversion).equals(contentHash);
  return isSame ? recorded(conversion.id, earnings, recordedAt) : unrecorded(conversion.id, 'CONVERSION_REUSED');
}

/** Small requests go together, as many as fit. */
function setsOf(batch: readonly CommandOf<typeof recordConversions>[]) {
  const sets: CommandOf<typeof recordConversions>[][] = [];
  let room = 0;
  for (const command of batch) {
    const { length } = command.data.conversions;
    if (length > room) {
      sets.push([]);
      room = setMax;
    }
    sets.at(-1)?.push(command);
    room -= length;
  }
  return sets;
}

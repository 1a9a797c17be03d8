import { Injectable } from '@nestjs/common';
import type { recordConversions } from '#contracts/conversions.js';
import { Clock } from '#kernel/clock.js';
import type { CommandOf, ReplyOf, Unavailable } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import type { Offer } from '../offers/domain/offer.js';
import { FindOffers } from '../offers/find-offers.js';
import { FindPersons } from '../persons/find-persons.js';
import { ConversionsStore, type RecordedConversion } from './conversions.store.js';
import {
  type Conversion,
  conversionOf,
  hashOf,
  type Outcome,
  problemOf,
  recorded,
  unrecorded,
} from './domain/conversion.js';
import { EarnBonuses } from './earn-bonuses.js';

type RecordCommand = CommandOf<typeof recordConversions>;
type Answered = ReplyOf<typeof recordConversions>;

/** What there is to know about conversions before any of them is recorded. */
interface Findings {
  /** Those that are recorded already. */
  readonly recorded: ReadonlyMap<string, RecordedConversion>;
  readonly persons: ReadonlySet<string>;
  readonly offers: ReadonlyMap<string, Offer>;
  /** Persons and offers of whom nobody can tell for now whether they exist. */
  readonly doubtful: ReadonlySet<string>;
}

/** Conversions in one transaction, at the most; a request that brings as many goes by itself. */
const setMax = 1_000;

/**
 * Records what outside systems tell. A conversion that is told again gets its first answer, and nothing happens; what
 * cannot be recorded leaves nothing behind, and can be told again once its person or offer is known. Who was registered
 * or published a stage ago is known: before somebody is refused as unknown, subscriptions has been asked. While it is
 * away, a request that names somebody unknown is not answered, and nothing of it is recorded; all others are.
 */
@Injectable()
export class RecordConversions {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly conversions: ConversionsStore,
    private readonly findOffers: FindOffers,
    private readonly findPersons: FindPersons,
    private readonly earnBonuses: EarnBonuses,
    private readonly clock: Clock,
  ) {}

  async execute(batch: readonly RecordCommand[]): Promise<(Answered | Unavailable)[]> {
    const replies: (Answered | Unavailable)[] = [];
    for (const commands of setsOf(batch)) {
      const told = new Map(commands.map((command) => [command, conversionsOf(command)]));
      const findings = await this.look([...told.values()].flat());
      const clear = commands.filter((command) => !told.get(command)?.some((one) => isDoubtful(one, findings)));
      const answers = await this.transactions.run((tx) =>
        this.commands.answer(
          tx,
          clear,
          async (fresh) => {
            const lists = fresh.map((command) => told.get(command) as Conversion[]);
            const outcomes = await this.record(tx, lists.flat(), findings);
            return lists.map(({ length }) => ({ answer: { items: outcomes.splice(0, length) } }));
          },
          ({ data }) => !data.sender_repeats,
        ),
      );
      const answered = new Map(clear.map((command, index) => [command, answers[index] as Answered]));
      replies.push(...commands.map((command) => answered.get(command) ?? unavailable));
    }
    return replies;
  }

  /** Outside of the transaction: others may have to be asked. Whatever is found stays. */
  private async look(told: readonly Conversion[]): Promise<Findings> {
    const recorded = await this.conversions.find([...new Set(told.map(({ id }) => id))]);
    const fresh = told.filter(({ id }) => !recorded.has(id));
    if (fresh.length === 0) return { recorded, persons: new Set(), offers: new Map(), doubtful: new Set() };
    const [persons, offers] = await Promise.all([
      this.findPersons.execute(fresh.map(({ personId }) => personId)),
      this.findOffers.execute(fresh.map(({ offerId }) => offerId)),
    ]);
    const doubtful = new Set([...persons.doubtful, ...offers.doubtful]);
    return { recorded, persons: persons.found, offers: offers.found, doubtful };
  }

  private async record(tx: Tx, told: readonly Conversion[], findings: Findings): Promise<Outcome[]> {
    const { persons, offers } = findings;
    const firsts = new Map<string, Conversion>();
    for (const conversion of told) if (!firsts.has(conversion.id)) firsts.set(conversion.id, conversion);
    const known = new Map(findings.recorded);
    const unknown = [...firsts.values()].filter(({ id }) => !known.has(id));
    const problems = new Map(
      unknown.flatMap((conversion) => {
        const { id, personId, offerId } = conversion;
        const problem = problemOf(conversion, offers.get(offerId), persons.has(personId));
        return problem ? [[id, problem]] : [];
      }),
    );
    const sound = unknown.filter(({ id }) => !problems.has(id));
    const at = this.clock.now();
    const added = sound.length > 0 ? await this.conversions.add(tx, sound, at) : new Set<string>();
    const fresh = sound.filter(({ id }) => added.has(id));
    const earnings = fresh.length > 0 ? await this.earnBonuses.execute(tx, fresh) : new Map();
    if (fresh.length > 0) await this.conversions.answer(tx, earnings);
    // Somebody else recorded them a stage ago.
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
}

const unavailable: Unavailable = {
  unavailable: 'a person or a class is not known here, and subscriptions cannot be asked',
};

function conversionsOf(command: RecordCommand): Conversion[] {
  return command.data.conversions.map((one) => conversionOf(one, command));
}

function isDoubtful({ id, personId, offerId }: Conversion, { recorded, doubtful }: Findings): boolean {
  return !recorded.has(id) && (doubtful.has(personId) || doubtful.has(offerId));
}

function repeated(conversion: Conversion, { contentHash, earnings, recordedAt }: RecordedConversion): Outcome {
  const isSame = hashOf(conversion).equals(contentHash);
  return isSame ? recorded(conversion.id, earnings, recordedAt) : unrecorded(conversion.id, 'CONVERSION_REUSED');
}

/** Small requests go together, as many as fit. */
function setsOf(batch: readonly RecordCommand[]) {
  const sets: RecordCommand[][] = [];
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

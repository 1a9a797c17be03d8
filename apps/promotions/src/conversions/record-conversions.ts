import { Injectable } from '@nestjs/common';
import type { recordConversions } from '#contracts/promotions/conversions.js';
import { zip } from '#kernel/zip.js';
import type { CommandOf, ReplyOf, Unavailable } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { Transactions } from '#persistence/transaction.js';
import { AddConversions } from './add-conversions.js';
import { type Conversion, conversionOf, keyOf } from './domain/conversion.js';
import { FindReferences, type References } from './find-references.js';

type RecordCommand = CommandOf<typeof recordConversions>;
type RecordReply = ReplyOf<typeof recordConversions>;

/** The maximum of conversions in one transaction; a command with as many is handled by itself. */
const setMax = 1_000;

/**
 * Records conversions of outside systems. A repeated conversion gets its first outcome and changes nothing. A
 * conversion that cannot be recorded stores nothing and can be repeated once its person or offer exists. Before a
 * person or a class is refused as unknown, it is requested from subscriptions. While subscriptions cannot be reached,
 * a command that names an unknown person or class is unavailable, and nothing of it is recorded; all other commands
 * are handled.
 */
@Injectable()
export class RecordConversions {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly findReferences: FindReferences,
    private readonly addConversions: AddConversions,
  ) {}

  async execute(batch: readonly RecordCommand[]): Promise<(RecordReply | Unavailable)[]> {
    const replies: (RecordReply | Unavailable)[] = [];
    for (const commands of setsOf(batch)) {
      const conversions = new Map(commands.map((command) => [command, conversionsOf(command)]));
      const references = await this.findReferences.execute([...conversions.values()].flat());
      const clear = commands.filter((command) => !conversions.get(command)?.some((one) => isDoubtful(one, references)));
      const answers = await this.transactions.run((tx) =>
        this.commands.answer(
          tx,
          clear,
          async (fresh) => {
            const lists = fresh.map((command) => conversions.get(command) as Conversion[]);
            const outcomes = await this.addConversions.execute(tx, lists.flat(), references);
            return lists.map(({ length }) => ({ answer: { items: outcomes.splice(0, length) } }));
          },
          ({ data }) => !data.sender_repeats,
        ),
      );
      const answered = new Map(zip(clear, answers));
      replies.push(...commands.map((command) => answered.get(command) ?? unavailable));
    }
    return replies;
  }
}

const unavailable: Unavailable = {
  unavailable: 'a person or a class is not known here, and subscriptions cannot be reached',
};

function conversionsOf(command: RecordCommand): Conversion[] {
  return command.data.conversions.map((one) => conversionOf(one, command.data.sender ?? null, command));
}

function isDoubtful(conversion: Conversion, { recorded, doubtful }: References): boolean {
  const { personId, offerId } = conversion;
  return !recorded.has(keyOf(conversion)) && (doubtful.has(personId) || doubtful.has(offerId));
}

/** Small commands share a set, as many as fit. */
function setsOf(batch: readonly RecordCommand[]): RecordCommand[][] {
  const sets: RecordCommand[][] = [];
  let free = 0;
  for (const command of batch) {
    const { length } = command.data.conversions;
    if (length > free) {
      sets.push([]);
      free = setMax;
    }
    sets.at(-1)?.push(command);
    free -= length;
  }
  return sets;
}

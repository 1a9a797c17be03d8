import { Injectable } from '@nestjs/common';
import type { reverseConversion } from '#contracts/promotions/conversions.js';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import type { ReplyOf } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { ConversionsStore } from './conversions.store.js';
import { type Reversal, ReverseBonuses, type ReverseCommand } from './reverse-bonuses.js';

/**
 * Reverses conversions, each once. A repeat for the same reason gets the same reply; another reason is refused.
 */
@Injectable()
export class ReverseConversions {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly conversions: ConversionsStore,
    private readonly reverseBonuses: ReverseBonuses,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly ReverseCommand[]): Promise<ReplyOf<typeof reverseConversion>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(
        tx,
        batch,
        (fresh) => this.reverse(tx, fresh),
        ({ data }) => !data.sender_repeats,
      ),
    );
  }

  private async reverse(tx: Tx, fresh: readonly ReverseCommand[]): Promise<ReplyOf<typeof reverseConversion>[]> {
    const found = await this.conversions.lock(tx, [...new Set(fresh.map(({ data }) => data.conversion_id))]);
    const firsts = new Map<string, ReverseCommand>();
    for (const command of fresh)
      if (!firsts.has(command.data.conversion_id)) firsts.set(command.data.conversion_id, command);
    const due = [...firsts.values()].flatMap((command) => {
      const conversion = found.get(command.data.conversion_id);
      return conversion?.reversedAt === null ? [{ command, conversion }] : [];
    });
    const at = this.clock.now();
    const reversals = due.length > 0 ? await this.reverseBonuses.execute(tx, due, at) : new Map<string, Reversal>();
    if (due.length > 0) {
      await this.conversions.reverse(
        tx,
        [...reversals.values()].map((answer) => ({ id: answer.conversion_id, reason: answer.reason, answer })),
        at,
      );
    }
    return fresh.map(({ data: { conversion_id: id, reason } }) => {
      const conversion = found.get(id);
      if (!conversion) return { refusal: conversionNotFound() };
      const reversal = reversals.get(id) ?? (conversion.reversal as Reversal);
      return reversal.reason === reason ? { answer: reversal } : { refusal: alreadyReversed(reversal) };
    });
  }
}

function conversionNotFound(): Refusal {
  return new Refusal('CONVERSION_NOT_FOUND', 'There is no such conversion.', { field: 'conversion_id' });
}

function alreadyReversed({ reason, reversed_at }: Reversal): Refusal {
  return new Refusal('CONVERSION_ALREADY_REVERSED', 'This conversion was reversed before, for another reason.', {
    reason,
    reversed_at,
  });
}

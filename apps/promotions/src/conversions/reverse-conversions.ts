import { Injectable } from '@nestjs/common';
import type { reverseConversion } from '#contracts/promotions/conversions.js';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import type { ReplyOf } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { ConversionsStore } from './conversions.store.js';
import { type ConversionName, keyOf } from './domain/conversion.js';
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
    const found = await this.conversions.lock(tx, fresh.map(nameOf));
    const firsts = new Map<string, ReverseCommand>();
    for (const command of fresh) if (!firsts.has(keyOf(nameOf(command)))) firsts.set(keyOf(nameOf(command)), command);
    const due = [...firsts.values()].flatMap((command) => {
      const conversion = found.get(keyOf(nameOf(command)));
      return conversion?.reversedAt === null ? [{ command, conversion }] : [];
    });
    const at = this.clock.now();
    const reversals = due.length > 0 ? await this.reverseBonuses.execute(tx, due, at) : new Map<string, Reversal>();
    if (due.length > 0) {
      await this.conversions.reverse(
        tx,
        due.map(({ command, conversion: { id, sender } }) => {
          const { reason } = command.data;
          return { id, sender, reason, answer: reversals.get(keyOf({ id, sender })) };
        }),
        at,
      );
    }
    return fresh.map((command) => {
      const { reason } = command.data;
      const key = keyOf(nameOf(command));
      const conversion = found.get(key);
      if (!conversion) return { refusal: conversionNotFound() };
      const reversal = reversals.get(key) ?? (conversion.reversal as Reversal);
      return reversal.reason === reason ? { answer: reversal } : { refusal: alreadyReversed(reversal) };
    });
  }
}

function nameOf({ data }: ReverseCommand): ConversionName {
  return { id: data.conversion_id, sender: data.sender ?? null };
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

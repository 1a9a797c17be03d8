import { Injectable } from '@nestjs/common';
import type { ResponseOf } from '#contracts/contract.js';
import { bonusReversed, type reverseConversion } from '#contracts/conversions.js';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import type { CommandOf, ReplyOf } from '#messaging/envelope.js';
import { type NewEvent, newEvent, Outbox } from '#messaging/publishing/outbox.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { ReverseRedemptions } from '../redemptions/redeeming/reverse-redemptions.js';
import type { ChangedRedemption } from '../redemptions/redemptions.store.js';
import { ConversionsStore, type RecordedConversion } from './conversions.store.js';
import { bonusOf, earns } from './domain/conversion.js';

type Reversal = ResponseOf<typeof reverseConversion>;
type ReverseCommand = CommandOf<typeof reverseConversion>;

/**
 * Takes conversions back: a reversal of each of its uses is entered beside it, the code's give-back rule decides about
 * the slot, and payments is told to take back the bonus. Each once; whoever asks again for the same reason gets the
 * same answer.
 */
@Injectable()
export class ReverseConversions {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly conversions: ConversionsStore,
    private readonly reverseRedemptions: ReverseRedemptions,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly ReverseCommand[]): Promise<ReplyOf<typeof reverseConversion>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(
        tx,
        batch,
        (fresh) => this.answer(tx, fresh),
        ({ data }) => !data.sender_repeats,
      ),
    );
  }

  private async answer(tx: Tx, fresh: readonly ReverseCommand[]): Promise<ReplyOf<typeof reverseConversion>[]> {
    const ids = [...new Set(fresh.map(({ data }) => data.conversion_id))];
    const found = await this.conversions.lock(tx, ids);
    const firsts = new Map<string, ReverseCommand>();
    for (const asked of fresh) if (!firsts.has(asked.data.conversion_id)) firsts.set(asked.data.conversion_id, asked);
    const due = [...firsts.values()].filter(({ data }) => found.get(data.conversion_id)?.reversedAt === null);
    const reversals = await this.reverse(tx, due, found);
    return fresh.map(({ data: { conversion_id: id, reason } }) => {
      const conversion = found.get(id);
      if (!conversion) return { refusal: notFound() };
      const reversal = reversals.get(id) ?? (conversion.reversal as Reversal);
      return reversal.reason === reason ? { answer: reversal } : { refusal: alreadyReversed(reversal) };
    });
  }

  private async reverse(
    tx: Tx,
    due: readonly ReverseCommand[],
    found: ReadonlyMap<string, RecordedConversion>,
  ): Promise<Map<string, Reversal>> {
    const at = this.clock.now();
    const asked = due.flatMap((cause) => {
      const { conversion_id: id, reason } = cause.data;
      const { earnings, orderId, payoutMinor } = found.get(id) as RecordedConversion;
      return earnings.uses.map(({ use_id: redemptionId }) => ({
        redemptionId,
        reason,
        revenueMinor: orderId ? payoutMinor : 0,
        cause,
      }));
    });
    const moved = Map.groupBy(await this.reverseRedemptions.execute(tx, asked), ({ conversionId }) => conversionId);
    const reversals = new Map(
      due.map(({ data: { conversion_id: id, reason } }): [string, Reversal] => [
        id,
        {
          conversion_id: id,
          reason,
          reversed_at: at.toString(),
          uses: (moved.get(id) ?? []).map((use) => reversedUse(use, found.get(id) as RecordedConversion)),
        },
      ]),
    );
    if (due.length > 0) {
      const answers = [...reversals.values()].map((answer) => ({
        id: answer.conversion_id,
        reason: answer.reason,
        answer,
      }));
      await this.conversions.reverse(tx, answers, at);
    }
    await this.outbox.add(
      tx,
      due.flatMap((cause) => {
        const { conversion_id: id } = cause.data;
        return eventsOf(reversals.get(id) as Reversal, found.get(id) as RecordedConversion, cause);
      }),
    );
    return reversals;
  }
}

/** What payments has to take back. */
function eventsOf(
  { uses, reason, reversed_at }: Reversal,
  conversion: RecordedConversion,
  cause: ReverseCommand,
): NewEvent[] {
  return uses.filter(earns).map((use) =>
    newEvent(bonusReversed, {
      subject: use.use_id,
      data: { ...bonusOf(use, conversion), reason, reversed_at },
      cause,
    }),
  );
}

function reversedUse(use: ChangedRedemption, { currency }: RecordedConversion): Reversal['uses'][number] {
  return {
    use_id: use.redemptionId,
    code_id: use.codeId,
    code: use.code,
    bonus_minor: use.benefitMinor,
    currency: use.currency ?? currency,
    gives_back: !use.keepsSlot,
  };
}

function notFound(): Refusal {
  return new Refusal('CONVERSION_NOT_FOUND', 'There is no such conversion.', { field: 'conversion_id' });
}

function alreadyReversed({ reason, reversed_at }: Reversal): Refusal {
  return new Refusal('CONVERSION_ALREADY_REVERSED', 'This conversion was taken back before, for another reason.', {
    reason,
    reversed_at,
  });
}

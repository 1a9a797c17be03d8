import { Injectable } from '@nestjs/common';
import type { ResponseOf } from '#contracts/contract.js';
import { bonusReversed, type reverseConversion } from '#contracts/promotions/conversions.js';
import type { CommandOf } from '#messaging/envelope.js';
import { type NewEvent, newEvent, Outbox } from '#messaging/publishing/outbox.js';
import type { Tx } from '#persistence/transaction.js';
import { ReverseRedemptions } from '../redemptions/redeeming/reverse-redemptions.js';
import type { ChangedRedemption } from '../redemptions/redemptions.store.js';
import type { RecordedConversion } from './conversions.store.js';
import { bonusOf, earns, keyOf } from './domain/conversion.js';

export type Reversal = ResponseOf<typeof reverseConversion>;
export type ReverseCommand = CommandOf<typeof reverseConversion>;

/**
 * A step in the transaction of ReverseConversions. Reverses the redemptions of conversions; the give-back rule of each
 * code decides about the slot. Publishes bonus-reversed, so that payments debits the money again.
 */
@Injectable()
export class ReverseBonuses {
  constructor(
    private readonly reverseRedemptions: ReverseRedemptions,
    private readonly outbox: Outbox,
  ) {}

  /** The reversal of each conversion, by `keyOf`. */
  async execute(
    tx: Tx,
    due: readonly { readonly command: ReverseCommand; readonly conversion: RecordedConversion }[],
    at: Temporal.Instant,
  ): Promise<Map<string, Reversal>> {
    const changed = new Map(
      (
        await this.reverseRedemptions.execute(
          tx,
          due.flatMap(({ command, conversion: { earnings, orderId, payoutMinor } }) =>
            earnings.redemptions.map(({ redemption_id: redemptionId }) => ({
              redemptionId,
              reason: command.data.reason,
              revenueMinor: orderId ? payoutMinor : 0,
              cause: command,
            })),
          ),
        )
      ).map((redemption) => [redemption.redemptionId, redemption]),
    );
    const reversals = due.map(({ command, conversion }) => ({
      command,
      conversion,
      reversal: {
        conversion_id: conversion.id,
        reason: command.data.reason,
        reversed_at: at.toString(),
        redemptions: conversion.earnings.redemptions.flatMap(({ redemption_id: redemptionId }) => {
          const reversed = changed.get(redemptionId);
          return reversed ? [reversedBonus(reversed, conversion)] : [];
        }),
      },
    }));
    await this.outbox.add(
      tx,
      reversals.flatMap(({ command, conversion, reversal }) => eventsOf(reversal, conversion, command)),
    );
    return new Map(reversals.map(({ conversion, reversal }) => [keyOf(conversion), reversal]));
  }
}

function eventsOf(
  { redemptions, reason, reversed_at }: Reversal,
  conversion: RecordedConversion,
  cause: ReverseCommand,
): NewEvent[] {
  return redemptions.filter(earns).map((use) =>
    newEvent(bonusReversed, {
      subject: use.redemption_id,
      data: { ...bonusOf(use, conversion), reason, reversed_at },
      cause,
    }),
  );
}

function reversedBonus(
  redemption: ChangedRedemption,
  { currency }: RecordedConversion,
): Reversal['redemptions'][number] {
  return {
    redemption_id: redemption.redemptionId,
    code_id: redemption.codeId,
    code: redemption.code,
    bonus_minor: redemption.benefitMinor,
    currency: redemption.currency ?? currency,
    gives_back: !redemption.keepsSlot,
  };
}

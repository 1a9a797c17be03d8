import { z } from 'zod';
import { command, event, query } from '../contract.js';
import { amountMinor, currency, id, instant, positiveAmountMinor, text } from '../wire.js';
import { conversionSender } from './conversion-senders.js';
import { offerId, promoCodeRefusal } from './promo-redemptions.js';

/** The reason for reversing a conversion and its bonuses. A code's give-back rule depends on it. */
export const reversalReason = z.enum(['cancel', 'refund', 'fraud', 'chargeback']);

/** The most conversions in one request. */
export const conversionsMax = 1_000;

export const conversionId = text(200).describe(
  'The conversion’s own id at the outside system. A repeat has the same id. Another system may have the same one.',
);

export const conversionBody = z
  .strictObject({
    conversion_id: conversionId,
    person_id: id,
    offer_id: offerId,
    payout_minor: amountMinor.describe('The payout of the offer; the base of a percentage.'),
    currency,
    occurred_at: instant.describe(
      'When it happened. It decides whether the code was valid and whether the person had applied it by then. Clocks may ' +
        'differ by five minutes.',
    ),
  })
  .meta({ id: 'Conversion' });

/** One conversion, or up to a thousand. */
export const conversionsBody = z.union([conversionBody, z.array(conversionBody).min(1).max(conversionsMax)]);

const redeemedBonus = z.object({
  redemption_id: id,
  code_id: id,
  code: z.string().describe('As its publisher wrote it.'),
  bonus_minor: amountMinor,
  currency,
  explanation: z.string(),
});

const conversionRefusal = z.object({
  code_id: id,
  code: z.string(),
  reason: promoCodeRefusal,
  details: z.record(z.string(), z.unknown()),
});

/** The refusal of a whole conversion. It was not recorded, and may be sent again. */
export const conversionProblems = [
  'CONVERSION_REUSED',
  'PERSON_NOT_FOUND',
  'OFFER_NOT_FOUND',
  'CURRENCY_UNKNOWN',
  'CURRENCY_MISMATCH',
  'OCCURRED_AT_OUT_OF_RANGE',
] as const;

export const conversionOutcome = z
  .object({
    conversion_id: conversionId,
    redemptions: z.array(redeemedBonus).describe('The bonuses that it earned, one per redeemed code.'),
    refusals: z
      .array(conversionRefusal)
      .describe('The person’s codes for this offer that were refused, with the reasons.'),
    recorded_at: instant.nullable().describe('Null when it was not recorded.'),
    problem: z.object({ code: z.enum(conversionProblems), message: z.string() }).nullable(),
  })
  .meta({ id: 'ConversionOutcome' });

export const conversionOutcomes = z.object({ items: z.array(conversionOutcome) }).meta({ id: 'ConversionOutcomes' });

/** Whose conversion it is. */
const sender = conversionSender.optional().describe('Left out for orders, and for conversions of admins.');

/** For a system that repeats a refused conversion, which may succeed later. */
const senderRepeats = z
  .boolean()
  .optional()
  .describe(
    'The sender repeats the command until it succeeds: a repeat is decided anew instead of receiving the first reply. Other ' +
      'content under the same command id is refused.',
  );

export const recordConversions = command({
  type: 'promotions.record-conversions.v1',
  service: 'promotions',
  subject: 'conversions.conversion_id',
  about:
    'Records conversions of outside systems and redeems the bonus codes that their persons applied. A conversion is ' +
    'identified by its sender and its id: a repeat receives the first reply; other content under the same id is refused. ' +
    'An offer that belongs to a sender takes conversions of that sender alone.',
  refusals: [...conversionProblems],
  request: z.object({
    conversions: z.array(conversionBody).min(1).max(conversionsMax),
    sender,
    sender_repeats: senderRepeats,
  }),
  response: conversionOutcomes,
});

export const conversionView = conversionBody
  .extend({
    sender: conversionSender.nullable().describe('Null for orders, and for conversions of admins.'),
    order_id: id.nullable().describe('The order that converted; null for a conversion of an outside system.'),
    ...conversionOutcome.pick({ redemptions: true, refusals: true }).shape,
    recorded_at: instant,
    reversed_at: instant.nullable(),
    reverse_reason: reversalReason.nullable(),
  })
  .meta({ id: 'RecordedConversion' });

export const getConversion = query({
  type: 'promotions.get-conversion.v1',
  service: 'promotions',
  about: 'A recorded conversion, and whether it was reversed.',
  refusals: ['CONVERSION_NOT_FOUND'],
  request: z.object({ conversion_id: conversionId, sender }),
  response: conversionView,
});

export const reverseConversionBody = z
  .strictObject({
    reason: reversalReason,
    conversion_id: conversionId
      .optional()
      .describe(
        'The same id as in the address. Required in a signed request, because a signature covers only the body.',
      ),
  })
  .meta({ id: 'ReverseConversion' });

export const reversalView = z
  .object({
    conversion_id: conversionId,
    reason: reversalReason,
    reversed_at: instant,
    redemptions: z.array(
      z.object({
        redemption_id: id,
        code_id: id,
        code: z.string(),
        bonus_minor: amountMinor,
        currency,
        gives_back: z.boolean().describe('Whether the give-back rule of the code frees the slot.'),
      }),
    ),
  })
  .meta({ id: 'Reversal' });

export const reverseConversion = command({
  type: 'promotions.reverse-conversion.v1',
  service: 'promotions',
  subject: 'conversion_id',
  about:
    'Reverses a conversion: its redemptions are reversed, its bonuses are withdrawn up to the available balance, and its slots ' +
    'are freed where the give-back rule of the code allows it. A repeat with the same reason receives the first reply.',
  refusals: ['CONVERSION_NOT_FOUND', 'CONVERSION_ALREADY_REVERSED'],
  request: z.object({
    conversion_id: conversionId,
    sender,
    reason: reversalReason,
    sender_repeats: senderRepeats,
  }),
  response: reversalView,
});

const bonus = z.object({
  bonus_id: id,
  person_id: id,
  code_id: id,
  code: z.string(),
  offer_id: z.string(),
  amount_minor: positiveAmountMinor,
  currency,
  conversion_id: z.string(),
  sender: conversionSender.optional().describe('The outside system that reported the conversion, if any.'),
});

export const bonusEarned = event({
  type: 'promotions.bonus-earned.v1',
  producer: 'promotions',
  consumers: ['payments', 'notifications'],
  about: 'A person earned a bonus. Payments credits it once, from the promotion expense account.',
  data: bonus.extend({
    order_id: id.optional().describe('The order that converted, if any.'),
    earned_at: instant,
  }),
});

export const bonusReversed = event({
  type: 'promotions.bonus-reversed.v1',
  producer: 'promotions',
  consumers: ['payments', 'notifications'],
  about:
    'The conversion of a bonus was reversed. Payments withdraws the part of the bonus that is still available. The event ' +
    'carries the whole bonus, so that it can be received before bonus-earned.',
  data: bonus.extend({ reason: reversalReason, reversed_at: instant }),
});

import type { CodeKind } from '../../codes/domain/code.js';
import type { Stage } from './code-rules.js';

/** The states of a redemption. It is held first where an order or an application precedes it. */
export const redemptionStates = ['held', 'redeemed', 'released', 'lapsed', 'reversed'] as const;
export type RedemptionState = (typeof redemptionStates)[number];

/** The kinds of journal entries. */
export const entryKinds = ['redeemed', 'reversed'] as const satisfies readonly RedemptionState[];
export type EntryKind = (typeof entryKinds)[number];

/** The stage of a decision receipt: that of its request, or a reversal. */
export type ReceiptStage = Exclude<Stage, 'look'> | 'reverse';

/** The limits of a code, by the reason code of a request that would exceed them. */
export const limitReasons = [
  'PROMO_CODE_USED_UP',
  'PROMO_CODE_PERSON_LIMIT',
  'PROMO_CODE_NEW_PERSON_LIMIT',
  'PROMO_CODE_OFFER_LIMIT',
  'PROMO_CODE_BUDGET_SPENT',
] as const;
export type LimitReason = (typeof limitReasons)[number];

/** A hold or a redemption of a code, as it is stored. Amounts are minor units. */
export interface Redemption {
  readonly redemptionId: string;
  readonly codeId: string;
  readonly code: string;
  readonly kind: CodeKind;
  readonly personId: string;
  readonly offerId: string | null;
  readonly orderId: string | null;
  readonly conversionId: string | null;
  readonly state: RedemptionState;
  readonly benefitMinor: number;
  readonly currency: string | null;
  readonly priceMinor: number | null;
  readonly explanation: string;
  /** Null for a hold that is pinned to its order, and for a redemption. */
  readonly lapsesAt: Temporal.Instant | null;
  /** When the order expires at the latest; null where the code leaves it to the class. */
  readonly payBy: Temporal.Instant | null;
}

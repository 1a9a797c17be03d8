import type { Extras } from '../../extras/domain/extras.js';

/** A refund, or a dispute that took the money: both are called refund where the difference does not matter. */
export const refundKinds = ['refund', 'dispute'] as const;
export type RefundKind = (typeof refundKinds)[number];

/** waiting → applied → reinstated; or waiting → reinstated, when the money came back before it was applied. */
export const refundStates = ['waiting', 'applied', 'reinstated'] as const;
export type RefundState = (typeof refundStates)[number];

/** Why a refund is quarantined: it contradicts an earlier notice, or its payment. */
export const refundRefusals = ['REFUND_REUSED', 'REFUND_CURRENCY_DIFFERS'] as const;
export type RefundRefusal = (typeof refundRefusals)[number];

/**
 * Money that the provider sent back to the payer. One by (provider, kind, reference). `waiting` moved nothing yet:
 * its payment is not known, or has another currency. `reinstated` is final, whether the money had moved before or
 * not.
 */
export interface Refund {
  /** Also the id of the transfer that applies it. */
  readonly id: string;
  readonly provider: string;
  readonly kind: RefundKind;
  /** Its own id at the provider. */
  readonly reference: string;
  /** The payment's id at the provider. */
  readonly paymentReference: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly state: RefundState;
  /** Of a refund that an admin registered by hand. */
  readonly byHand?: { readonly author: string; readonly reason: string };
}

/** A payment as refunds see it. */
export interface RefundablePayment {
  readonly id: string;
  readonly provider: string;
  readonly reference: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** What its applied refunds took from the payer: at most the payment. */
  readonly refundedMinor: number;
  /** What they took beyond the payment, from our expense account. */
  readonly excessMinor: number;
  /** What of it is tax, shipping or a tip, by kind. */
  readonly extras: Extras;
  /** Whose the money is; null while it stands in suspense. */
  readonly personId: string | null;
  /** An admin found that it is not ours: without a person, its money stands on the account of foreign money. */
  readonly isDismissed?: boolean;
  /** The order that it names, if that is an id. */
  readonly orderId: string | null;
}

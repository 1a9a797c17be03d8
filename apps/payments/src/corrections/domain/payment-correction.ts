import { Refusal } from '#kernel/refusal.js';
import type { Posting } from '../../ledger/domain/posting.js';

export const correctionKinds = ['correct', 'reassign'] as const;
export type CorrectionKind = (typeof correctionKinds)[number];

/** The providers of payments that are registered by hand. */
export const handProviders: readonly string[] = ['cash', 'bank_transfer'];

/** A payment as corrections see it. */
export interface CorrectablePayment {
  readonly id: string;
  readonly provider: string;
  readonly reference: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** What of it went back to the payer. */
  readonly refundedMinor: number;
  /** What of it is tax, shipping or a tip, and not the money of the person. */
  readonly extrasMinor: number;
  /** What refunds took beyond it, at our expense. */
  readonly excessMinor: number;
  /** Whose the money is; null while it stands in suspense. */
  readonly personId: string | null;
  /** An admin found that it is not ours: its money is not in suspense any more. */
  readonly isDismissed?: boolean;
  /** The order that it names, if that is an id. */
  readonly orderId: string | null;
}

/** A change of one payment by an admin: of its amount, or of the person whose it is. */
export interface PaymentCorrection {
  /** Also the id of the transfer. */
  readonly id: string;
  readonly kind: CorrectionKind;
  readonly before: CorrectablePayment;
  readonly after: CorrectablePayment;
  readonly movedMinor: number;
  /** What the person did not have, and owes us since. */
  readonly owedMinor: number;
  readonly reason: string;
}

/** What a set of commands corrects. */
export interface CorrectionDecision {
  /** One per command, in order. */
  readonly results: readonly (PaymentCorrection | Refusal)[];
  /** In the order of their ids. */
  readonly postings: readonly Posting[];
}

/** @throws Refusal PAYMENT_NOT_FOUND */
export function paymentFor(payments: ReadonlyMap<string, CorrectablePayment>, paymentId: string): CorrectablePayment {
  const payment = payments.get(paymentId);
  if (!payment) throw new Refusal('PAYMENT_NOT_FOUND', 'There is no such payment.', { paymentId });
  return payment;
}

/** @throws Refusal PAYMENT_NOT_BY_HAND for a payment of a provider, whose books are the provider's */
export function assertByHand({ provider, extrasMinor }: CorrectablePayment): void {
  // Only notifications name extras.
  if (handProviders.includes(provider) && extrasMinor === 0) return;
  throw new Refusal('PAYMENT_NOT_BY_HAND', 'Payments of a provider are refunded there; our books follow.', {
    provider,
  });
}

/**
 * What of a payment is neither back at the payer nor an extra. @throws Refusal PAYMENT_REFUNDED when that is nothing
 */
export function leftOf({ id, amountMinor, refundedMinor, extrasMinor }: CorrectablePayment): number {
  const leftMinor = amountMinor - extrasMinor - refundedMinor;
  if (leftMinor > 0) return leftMinor;
  throw new Refusal('PAYMENT_REFUNDED', 'Nothing of this payment is left.', { paymentId: id });
}

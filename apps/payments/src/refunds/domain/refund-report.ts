import type { RefundKind } from './refund.js';

/** What a provider says went back of a payment in all, beside the notices of each refund or dispute. */
export interface RefundReport {
  readonly provider: string;
  readonly kind: RefundKind;
  /** The id at the provider of the payment. */
  readonly paymentReference: string;
  readonly amountMinor: number;
  readonly currency: string;
}

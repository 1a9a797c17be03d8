import { Injectable } from '@nestjs/common';
import { holdCodes, releaseHolds } from '#contracts/promotions/promo-redemptions.js';
import type { Money } from '#kernel/money.js';
import { Refusal } from '#kernel/refusal.js';
import { TransientFault } from '#messaging/faults.js';
import { RpcClient } from '#messaging/requests/rpc-client.js';
import { type HeldDiscounts, priceChanged } from '../domain/seat-allocator.js';
import type { PricedDraft } from './price-drafts.js';

/** Well below the time that the client of the order waits. */
const holdTimeoutMs = 3_000;

/** The codes to hold for a drafted order, and its price before discounts. */
export interface HoldRequest {
  readonly orderId: string;
  readonly personId: string;
  readonly classId: string;
  readonly price: Money;
  readonly codes: readonly string[];
  /** Promotions holds nothing for the draft yet. */
  readonly isNew: boolean;
}

/** Requests holds of promo codes from promotions and releases them. Never called inside a transaction. */
@Injectable()
export class HoldDiscounts {
  constructor(private readonly rpc: RpcClient) {}

  /** The discounts that promotions holds for the draft, as `holdCodes` says, or why the order has no price. */
  async hold({ command, request, price, isNew }: PricedDraft): Promise<HeldDiscounts | Refusal> {
    if (price instanceof Refusal) return price;
    return this.holdCodes({ ...request, price, codes: command.data.promo_codes, isNew });
  }

  /**
   * The discounts that promotions holds for the draft, or its refusal. A repeat for the same draft gets the same hold.
   * @throws ServiceUnavailable when promotions did not answer: a hold may or may not exist
   * @throws TransientFault when the hold has lapsed: the command is retried and drafts another order
   */
  async holdCodes(request: HoldRequest): Promise<HeldDiscounts | Refusal> {
    const { isNew } = request;
    const { amountMinor: priceMinor, currency } = request.price;
    const holdRequest = {
      order_id: request.orderId,
      person_id: request.personId,
      offer_id: request.classId,
      amount_minor: priceMinor,
      currency,
      codes: [...request.codes],
    };
    const options = { commandId: request.orderId, timeoutMs: holdTimeoutMs };
    try {
      const { holds, pay_by: payBy } = await this.rpc.request(holdCodes, holdRequest, options);
      const discounts = holds.map(
        ({ code, discount_minor: discountMinor, explanation, redemption_id: redemptionId }) => {
          return { code, discountMinor, explanation, redemptionId };
        },
      );
      return { priceMinor, currency, discounts, payBy: payBy === null ? null : Temporal.Instant.from(payBy) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.code === 'PROMO_HOLD_ENDED') throw new TransientFault(error.message, { cause: error });
      // The hold exists for another price or other codes: those of the first request with this command id.
      if (error.code === 'IDEMPOTENCY_KEY_REUSED' && !isNew) return priceChanged();
      return error;
    }
  }

  /** Releases everything that is held for an order that will never exist. */
  async release(orderId: string): Promise<void> {
    await this.rpc.request(releaseHolds, { order_id: orderId, reason: 'refused' });
  }
}

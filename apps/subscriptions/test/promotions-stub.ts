import type { RequestContract, RequestOf } from '#contracts/contract.js';
import { type holdCodes, releaseHolds, validateCodes } from '#contracts/promotions/promo-redemptions.js';
import { idFrom } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { ServiceUnavailable } from '#messaging/faults.js';

type HoldRequest = RequestOf<typeof holdCodes>;

/** Answers the requests that the service sends to promotions, and records holds and releases. */
export class PromotionsStub {
  /** The held codes, by order id. */
  readonly held = new Map<string, readonly string[]>();
  private readonly prices = new Map<string, number>();
  readonly released: string[] = [];
  readonly validated: RequestOf<typeof validateCodes>[] = [];
  /** The discount of each code in minor units. It may throw a Refusal or a fault. */
  discountOf: (code: string, request: HoldRequest) => number | Promise<number> = () => 500;
  /** When the order expires at the latest. */
  payBy: string | null = null;
  /** Codes are held for the orders of this person, but the reply is lost. */
  unansweredPerson: string | undefined;

  async request(contract: RequestContract, request: object): Promise<unknown> {
    if (contract.type === releaseHolds.type) return this.release((request as { order_id: string }).order_id);
    if (contract.type === validateCodes.type) return this.validate(request as RequestOf<typeof validateCodes>);
    const { order_id, codes, amount_minor } = request as HoldRequest;
    if (this.held.has(order_id) && this.prices.get(order_id) !== amount_minor) {
      throw new Refusal('IDEMPOTENCY_KEY_REUSED', 'This was used before, with another request.');
    }
    const holds: { redemption_id: string; code: string; discount_minor: number; explanation: string }[] = [];
    for (const code of codes) {
      const discount_minor = await this.discountOf(code, request as HoldRequest);
      const redemption_id = idFrom(order_id, code);
      holds.push({ redemption_id, code, discount_minor, explanation: `${code} takes off ${discount_minor}.` });
    }
    this.held.set(order_id, codes);
    this.prices.set(order_id, amount_minor);
    if (this.unansweredPerson === (request as HoldRequest).person_id) {
      throw new ServiceUnavailable('promotions', 'no answer in time');
    }
    return { order_id, holds, lapses_at: null, pay_by: this.payBy };
  }

  private async validate(request: RequestOf<typeof validateCodes>) {
    this.validated.push(request);
    try {
      const benefits = [];
      for (const code of request.codes) {
        const benefit_minor = await this.discountOf(code, { ...request, order_id: '' } as HoldRequest);
        const explanation = `${code} takes off ${benefit_minor}.`;
        benefits.push({ code, kind: 'discount', benefit_minor, currency: 'EUR', explanation, closes_at: null });
      }
      const benefit_minor = benefits.reduce((sum, { benefit_minor: minor }) => sum + minor, 0);
      return { usable: true, benefits, benefit_minor, refusal: null };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { code, message, details } = error;
      return { usable: false, benefits: [], benefit_minor: null, refusal: { code, message, details } };
    }
  }

  private release(orderId: string) {
    this.held.delete(orderId);
    this.released.push(orderId);
    return { order_id: orderId, released: 1 };
  }
}

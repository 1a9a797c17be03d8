import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import { validateCodes } from '#contracts/promotions/promo-redemptions.js';
import type { quoteDiscountedClass } from '#contracts/subscriptions/classes.js';
import { Refusal } from '#kernel/refusal.js';
import type { Query, Reply, Unavailable } from '#messaging/envelope.js';
import { ServiceUnavailable } from '#messaging/faults.js';
import { RpcClient } from '#messaging/requests/rpc-client.js';
import { personNotFound } from '../persons/domain/person.js';
import { PersonsStore } from '../persons/persons.store.js';
import { type QuoteView, quoteView } from './class-view.js';
import { type Discount, nothingToDiscount } from './domain/discounted-price.js';
import { ReadClasses } from './read-classes.js';

type Request = RequestOf<typeof quoteDiscountedClass>;
type Verdict = ResponseOf<typeof validateCodes>;

/** Well below the time that the client of the quote waits. */
const validationTimeoutMs = 3_000;

/**
 * Quotes an order with promo codes. Promotions validates the codes for the very price of this quote, so that price and
 * verdict belong together. Nothing is written or held.
 */
@Injectable()
export class QuoteDiscountedClass {
  constructor(
    private readonly classes: ReadClasses,
    private readonly persons: PersonsStore,
    private readonly rpc: RpcClient,
  ) {}

  /** Refuses CLASS_NOT_FOUND, CLASS_ENDED, NOTHING_TO_DISCOUNT, PERSON_NOT_FOUND. */
  execute(batch: readonly Query<Request>[]): Promise<(Reply<QuoteView> | Unavailable)[]> {
    return Promise.all(batch.map(({ data }) => this.reply(data)));
  }

  private async reply(request: Request): Promise<Reply<QuoteView> | Unavailable> {
    try {
      return { answer: await this.quote(request) };
    } catch (error) {
      if (error instanceof Refusal) return { refusal: error };
      if (error instanceof ServiceUnavailable) return { unavailable: error.message };
      throw error;
    }
  }

  private async quote(request: Request): Promise<QuoteView> {
    const { class_id: classId, person_id: personId, promo_codes: codes, visible_to: visibleTo } = request;
    const priced = await this.classes.priced(request);
    if (!(await this.persons.find(personId))) throw personNotFound();
    if (priced.quote.amountMinor === 0) throw nothingToDiscount();
    const validation = {
      person_id: personId,
      codes,
      offer_id: classId,
      amount_minor: priced.quote.amountMinor,
      currency: priced.published.currency,
      visible_to: visibleTo,
      for_order: true,
    };
    const verdict = await this.rpc.request(validateCodes, validation, { timeoutMs: validationTimeoutMs });
    return { ...quoteView(priced, discountsOf(verdict)), promo_codes: verdict };
  }
}

function discountsOf({ benefits }: Verdict): Discount[] {
  return benefits.map(({ code, benefit_minor: benefitMinor, explanation }) => {
    return { code, discountMinor: benefitMinor ?? 0, explanation };
  });
}

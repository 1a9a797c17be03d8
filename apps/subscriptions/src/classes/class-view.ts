import type { z } from 'zod';
import type { DataOf } from '#contracts/contract.js';
import type {
  classView as classContract,
  classPublished,
  quoteView as quoteContract,
} from '#contracts/subscriptions/classes.js';
import { orRefusal, Refusal } from '#kernel/refusal.js';
import type { ChoosableAmount, Quote } from '../rules/domain/methods/method.js';
import { type PlannedPeriods, quoteBy, type RuleVersion } from '../rules/domain/rule.js';
import { periodsView } from '../rules/rule-view.js';
import { freeSeats, type PublishedClass } from './domain/class.js';
import { type Discount, discountedMinor, explainDiscounted, totalOf } from './domain/discounted-price.js';

export type ClassView = z.output<typeof classContract>;
export type QuoteView = z.output<typeof quoteContract>;

/** A class with the price and the days of an order made at `quotedAt`. */
export interface PricedClass {
  readonly published: PublishedClass;
  readonly quote: Quote;
  readonly quotedAt: Temporal.Instant;
  /** The amounts that the person may choose from; null where the method sets the amount. */
  readonly choosable: ChoosableAmount | null;
  /** The periods of a subscription, that of the order too. */
  readonly planned: PlannedPeriods;
}

/** The class as it is at `now`. */
export function classView(published: PublishedClass, rule: RuleVersion, now: Temporal.Instant): ClassView {
  return {
    class_id: published.id,
    title: published.title,
    description: published.description,
    rule_id: published.ruleId,
    rule_version: published.ruleVersion,
    rule_title: rule.title,
    parameters: { ...published.parameters },
    time_zone: published.timeZone,
    currency: published.currency,
    price_minor: priceAt(published, rule, now),
    capacity: published.capacity,
    seats_taken: published.seatsTaken,
    seats_left: published.capacity === null ? null : freeSeats(published),
    approval_required: published.approvalRequired,
    start_date: published.startDate?.toString() ?? null,
    end_date: published.endDate?.toString() ?? null,
    payment_window_hours: published.paymentWindowHours,
    repeat_enrolment: published.repeatEnrolment,
    late_payment: published.latePayment,
    payment_tolerance_minor: published.paymentToleranceMinor,
    published_at: published.publishedAt.toString(),
  };
}

/** The price of an order made at `now`; null where it would be refused. */
function priceAt(published: PublishedClass, rule: RuleVersion, now: Temporal.Instant): number | null {
  const quote = orRefusal(() => quoteBy(rule, published.parameters, published, now));
  return quote instanceof Refusal ? null : quote.amountMinor;
}

/** The members of a class that its events carry. */
export function offeredClass({ class_id, title, currency, published_at }: ClassView): DataOf<typeof classPublished> {
  return { class_id, title, currency, published_at };
}

/** The quote of an order made at `quotedAt`, with the discounts of the promo codes that the order would have. */
export function quoteView(
  { published: { id, currency }, quote, quotedAt, choosable, planned }: PricedClass,
  discounts: readonly Discount[] = [],
): QuoteView {
  const amountMinor = discountedMinor(quote.amountMinor, discounts);
  return {
    class_id: id,
    price_minor: quote.amountMinor,
    discount_minor: totalOf(discounts),
    discounts: discounts.map(({ code, discountMinor, explanation }) => {
      return { code, discount_minor: discountMinor, explanation };
    }),
    amount_minor: amountMinor,
    currency,
    start_date: quote.startDate.toString(),
    end_date: quote.endDate?.toString() ?? null,
    explanation: explainDiscounted(quote, discounts, { amountMinor, currency }),
    trace: quote.trace.map((step) => ({ ...step })),
    promo_codes: null,
    quoted_at: quotedAt.toString(),
    choosable_amount: choosable && {
      minimum_minor: choosable.minimumMinor,
      suggestion_minor: choosable.suggestionMinor,
      maximum_minor: choosable.maximumMinor,
    },
    later_periods: periodsView(planned.periods.slice(1), 1),
    more_periods: planned.more,
  };
}

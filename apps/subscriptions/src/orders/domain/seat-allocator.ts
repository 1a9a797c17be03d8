import { assert } from '#kernel/assert.js';
import type { Money } from '#kernel/money.js';
import { orRefusal, Refusal } from '#kernel/refusal.js';
import { classNotFound, freeSeats, type PublishedClass, versionOf } from '../../classes/domain/class.js';
import { type Discount, discountedMinor } from '../../classes/domain/discounted-price.js';
import { personNotFound } from '../../persons/domain/person.js';
import { chosenAmount, type Orderer, type ParameterValues, type Quote } from '../../rules/domain/methods/method.js';
import { filledParameters, keyOf, methodOf, quoteBy, type RuleVersion } from '../../rules/domain/rule.js';
import { lastDay, Schedule } from '../../subscriptions/domain/schedule.js';
import {
  type ClosedOrder,
  type ConfirmedOrder,
  completeOrder,
  completesItself,
  type ExpiredOrder,
  type OpenedOrder,
  openOrder,
} from './order.js';
import { type Commitments, PersonCommitments } from './person-commitments.js';

/** A person's request to order a class. */
export interface OrderRequest {
  /** The id of the order that the request may become. */
  readonly orderId: string;
  readonly personId: string;
  readonly classId: string;
  /** When given, the class must be priced in this currency. */
  readonly currency?: string | undefined;
  /** When given, the most that the order may cost after its discounts, in minor units. */
  readonly amountMinorMax?: number | undefined;
  readonly discounts?: HeldDiscounts | undefined;
  /** The amount that the person chooses, where the method of the class lets the person choose. */
  readonly chosenAmountMinor?: number | undefined;
}

/** The discounts that promotions holds for an order, and the price that they were computed for. */
export interface HeldDiscounts {
  readonly priceMinor: number;
  readonly currency: string;
  readonly discounts: readonly Discount[];
  /** The codes are held until then: the unpaid order expires at this instant at the latest. Null for no such end. */
  readonly payBy: Temporal.Instant | null;
}

/** A first order pays for period 0, and is due by its payment window. */
const firstPeriod = { period: 0, enrols: true, dueDate: null, dunning: [] } as const;

export type AllocatedOrder = OpenedOrder | ConfirmedOrder | ClosedOrder;

/** The persons, classes and orders that decide a set of order requests. */
export interface OpeningContext {
  /** Ids of the requested persons that exist. */
  readonly persons: ReadonlySet<string>;
  /** The requested persons, by id, where the method of a requested class depends on the person. */
  readonly orderers?: ReadonlyMap<string, Orderer>;
  /** The requested classes that exist, by id. An exact decision needs them locked. */
  readonly classes: ReadonlyMap<string, PublishedClass>;
  /** The rule version of each class, by `keyOf`. */
  readonly rules: ReadonlyMap<string, RuleVersion>;
  /** An exact decision needs the persons locked. */
  readonly commitments: Commitments;
  /** The most opened orders of a person. */
  readonly unpaidMax: number;
}

/**
 * Decides order requests one after the other: each becomes an order with a seat, or is refused.
 * The decision is exact when the persons and classes of the context are locked: no other transaction allocates seats of
 * these classes, or opens orders of these persons then.
 */
export class SeatAllocator {
  private readonly taken = new Map<string, number>();
  private readonly commitments: PersonCommitments;
  private readonly quotes = new Map<string, Quote | Refusal>();

  constructor(
    private readonly context: OpeningContext,
    private readonly now: Temporal.Instant,
  ) {
    this.commitments = new PersonCommitments(context.commitments, context.unpaidMax);
  }

  /** The number of seats allocated so far, by class. */
  get allocated(): ReadonlyMap<string, number> {
    return this.taken;
  }

  /**
   * The order with its seat, or a Refusal: PERSON_NOT_FOUND, CLASS_NOT_FOUND, CURRENCY_MISMATCH, CLASS_ENDED,
   * PRICE_CHANGED, those of the method, ORDER_ALREADY_OPEN, ALREADY_ENROLLED, TOO_MANY_OPEN_ORDERS, CLASS_FULL.
   */
  allocate(request: OrderRequest): AllocatedOrder | Refusal {
    const { personId, classId } = request;
    if (!this.context.persons.has(personId)) return personNotFound();
    const published = this.context.classes.get(classId);
    if (!published) return classNotFound();
    if (request.currency !== undefined && request.currency !== published.currency) {
      const says = `The class is priced in ${published.currency}.`;
      return new Refusal('CURRENCY_MISMATCH', says, { field: 'currency', currency: published.currency });
    }
    const quote = this.quote(published, request);
    if (quote instanceof Refusal) return quote;
    if (request.discounts && !isHeldFor(request.discounts, published, quote, this.now)) return priceChanged();
    const repeat = this.commitments.repeatRefusal(personId, published, quote);
    if (repeat) return repeat;
    const order = this.order(request, published, quote);
    const refusal = this.refusal(request, published, order);
    return refusal ?? this.seated(order);
  }

  /**
   * A new order with the terms of an expired one, or a Refusal: ORDER_ALREADY_OPEN, ALREADY_ENROLLED, CLASS_FULL. Its
   * money is there, so the bound of unpaid orders does not count.
   */
  reopen(expired: ExpiredOrder, orderId: string): AllocatedOrder | Refusal {
    const published = this.context.classes.get(expired.classId);
    assert(published, 'the class of an order exists');
    const refusal = this.commitments.repeatRefusal(expired.personId, published, expired) ?? this.fullness(published);
    if (refusal) return refusal;
    const { state: _, endedAt: __, endReason: ___, ...terms } = expired;
    const expiresAt = this.now.add({ hours: published.paymentWindowHours });
    const replacement = {
      ...terms,
      id: orderId,
      subscriptionId: orderId,
      openedAt: this.now,
      expiresAt,
      replacesOrderId: expired.id,
    };
    return this.seated(openOrder(replacement));
  }

  private seated(order: AllocatedOrder): AllocatedOrder {
    this.taken.set(order.classId, this.seatsAllocated(order.classId) + 1);
    this.commitments.add(order);
    return order;
  }

  private refusal(
    { personId, amountMinorMax = Number.POSITIVE_INFINITY }: OrderRequest,
    published: PublishedClass,
    order: AllocatedOrder,
  ): Refusal | null {
    if (order.amountMinor > amountMinorMax) return priceChanged(order);
    const unpaid = order.state === 'opened' ? this.commitments.unpaidRefusal(personId) : null;
    return unpaid ?? this.fullness(published);
  }

  private fullness(published: PublishedClass): Refusal | null {
    const isFull = this.seatsAllocated(published.id) >= freeSeats(published);
    return isFull ? new Refusal('CLASS_FULL', 'All seats of the class are taken.') : null;
  }

  private seatsAllocated(classId: string): number {
    return this.taken.get(classId) ?? 0;
  }

  private order(request: OrderRequest, published: PublishedClass, quote: Quote): AllocatedOrder {
    const { startDate, endDate, trace } = quote;
    const discounts = request.discounts?.discounts ?? [];
    const amountMinor = discountedMinor(quote.amountMinor, discounts);
    const parameters = this.pinnedParameters(published, request);
    const order = openOrder({
      id: request.orderId,
      personId: request.personId,
      classId: request.classId,
      ruleId: published.ruleId,
      ruleVersion: published.ruleVersion,
      parameters,
      trace,
      discounts,
      amountMinor,
      toleranceMinor: Math.max(0, Math.min(published.paymentToleranceMinor, amountMinor - 1)),
      currency: published.currency,
      startDate,
      endDate,
      approvalRequired: published.approvalRequired,
      repeatEnrolment: published.repeatEnrolment,
      replacesOrderId: null,
      subscriptionId: request.orderId,
      ...firstPeriod,
      ...this.following(published, parameters, quote),
      openedAt: this.now,
      expiresAt: amountMinor === 0 ? null : this.expiryOf(published, request.discounts),
    });
    return order.state === 'confirmed' && completesItself(order) ? completeOrder(order, this.now) : order;
  }

  /** What follows the period of a first order: the next period, or the end of its last day. */
  private following(published: PublishedClass, parameters: ParameterValues, { endDate }: Quote) {
    const { plan } = methodOf(this.ruleOf(published));
    if (!plan) return { anchor: null, nextAt: lastDay(endDate, published).nextAt };
    const anchor = plan.anchor(parameters, published, this.now);
    const { nextPeriod, nextAt } = new Schedule(plan, parameters, published, anchor).after(0, endDate);
    return { anchor: nextPeriod === null ? null : anchor, nextAt };
  }

  /** The end of the payment window, or of the codes that the order holds: an order and its holds end together. */
  private expiryOf(published: PublishedClass, discounts: HeldDiscounts | undefined): Temporal.Instant {
    const windowEnd = this.now.add({ hours: published.paymentWindowHours });
    const payBy = discounts?.payBy ?? windowEnd;
    return Temporal.Instant.compare(payBy, windowEnd) < 0 ? payBy : windowEnd;
  }

  /** The values of the class with the defaults of the rule, and the amount that the person chose. */
  private pinnedParameters(published: PublishedClass, { chosenAmountMinor }: OrderRequest): ParameterValues {
    const parameters = filledParameters(this.ruleOf(published), published.parameters);
    return chosenAmountMinor === undefined ? parameters : { ...parameters, [chosenAmount]: chosenAmountMinor };
  }

  /**
   * The quote of a class depends on the class, the instant and the chosen amount, and by some methods on the person: it
   * is computed once for all requests that share these.
   */
  private quote(published: PublishedClass, { personId, chosenAmountMinor }: OrderRequest): Quote | Refusal {
    const rule = this.ruleOf(published);
    const person = (methodOf(rule).readsPerson && this.context.orderers?.get(personId)) || null;
    const key = [published.id, chosenAmountMinor ?? '', person ? personId : ''].join(' ');
    const cached = this.quotes.get(key);
    if (cached) return cached;
    const choice = { seats: 1, amountMinor: chosenAmountMinor ?? null, person };
    const quoted = orRefusal(() => quoteBy(rule, published.parameters, published, this.now, choice));
    this.quotes.set(key, quoted);
    return quoted;
  }

  private ruleOf(published: PublishedClass): RuleVersion {
    const rule = this.context.rules.get(keyOf(versionOf(published)));
    assert(rule, 'each class names a version of a rule');
    return rule;
  }
}

/** Whether the discounts are for the price of the class now, and their codes are still held. */
function isHeldFor(
  { priceMinor, currency, payBy }: HeldDiscounts,
  published: PublishedClass,
  quote: Quote,
  now: Temporal.Instant,
): boolean {
  const isHeld = payBy === null || Temporal.Instant.compare(payBy, now) > 0;
  return isHeld && priceMinor === quote.amountMinor && currency === published.currency;
}

/**
 * The discounts were held for another price than the class has now or are no longer held, or the order would cost more
 * than was agreed.
 * @param price of the order now, where the caller may order for it
 */
export function priceChanged(price?: Money): Refusal {
  return new Refusal('PRICE_CHANGED', 'The price of the class has changed; request a new quote.', {
    ...(price && { field: 'amount_minor', amount_minor: price.amountMinor, currency: price.currency }),
  });
}

import { assert } from '#kernel/assert.js';
import { Refusal } from '#kernel/refusal.js';
import { classNotFound, freeSeats, type PublishedClass, versionOf } from '../../classes/domain/class.js';
import { personNotFound } from '../../persons/domain/person.js';
import type { Quote } from '../../rules/domain/methods/method.js';
import { filledParameters, keyOf, quoteBy, type RuleVersion } from '../../rules/domain/rule.js';
import {
  type ClosedOrder,
  type ConfirmedOrder,
  completeOrder,
  completesItself,
  type Discount,
  type OpenedOrder,
  openOrder,
  totalOf,
} from './order.js';

/** Who wants into which class. */
export interface OrderRequest {
  /** Of the order that it may become. */
  readonly orderId: string;
  readonly personId: string;
  readonly classId: string;
  /** When given, the class has to be priced in it. */
  readonly currency?: string | undefined;
  readonly discounts?: HeldDiscounts | undefined;
}

/** What promotions has held for an order that was going to cost so much. */
export interface HeldDiscounts {
  readonly priceMinor: number;
  readonly currency: string;
  readonly discounts: readonly Discount[];
}

export type AllocatedOrder = OpenedOrder | ConfirmedOrder | ClosedOrder;

/** What has to be known of persons, classes and orders before wishes can be decided. */
export interface OpeningContext {
  /** Those of the wished-for persons who exist. */
  readonly persons: ReadonlySet<string>;
  /** Those of the wished-for classes that exist, locked. */
  readonly classes: ReadonlyMap<string, PublishedClass>;
  /** By keyOf. */
  readonly rules: ReadonlyMap<string, RuleVersion>;
  /** Which persons already have an open order of which class, by pairKey. */
  readonly stillOpen: ReadonlySet<string>;
}

/**
 * Decides a whole set of wishes as if they came one after the other: each becomes an order or is refused, seats are
 * given in order while there are some. Exact, because the classes are locked: nobody else gives a seat at this moment.
 */
export class SeatAllocator {
  private readonly taken = new Map<string, number>();
  private readonly openPairs: Set<string>;
  private readonly quotes = new Map<string, Quote | Refusal>();

  constructor(
    private readonly context: OpeningContext,
    private readonly now: Temporal.Instant,
  ) {
    this.openPairs = new Set(context.stillOpen);
  }

  /** How many seats of each class the orders made so far hold. */
  get allocated(): ReadonlyMap<string, number> {
    return this.taken;
  }

  allocate(wish: OrderRequest): AllocatedOrder | Refusal {
    const { personId, classId } = wish;
    if (!this.context.persons.has(personId)) return personNotFound();
    const published = this.context.classes.get(classId);
    if (!published) return classNotFound();
    if (wish.currency !== undefined && wish.currency !== published.currency) {
      const says = `The class is priced in ${published.currency}.`;
      return new Refusal('CURRENCY_MISMATCH', says, { field: 'currency', currency: published.currency });
    }
    const quote = this.quote(published);
    if (quote instanceof Refusal) return quote;
    if (wish.discounts && !isFor(wish.discounts, published, quote)) {
      return priceChanged();
    }
    if (this.openPairs.has(pairKey(wish))) {
      return new Refusal('ORDER_ALREADY_OPEN', 'The person has an open order of this class already.');
    }
    const taken = this.taken.get(classId) ?? 0;
    if (taken >= freeSeats(published)) return new Refusal('CLASS_FULL', 'All seats of the class are taken.');
    this.taken.set(classId, taken + 1);
    const order = this.order(wish, published, quote);
    if (order.state !== 'closed') this.openPairs.add(pairKey(wish));
    return order;
  }

  private order(wish: OrderRequest, published: PublishedClass, quote: Quote): AllocatedOrder {
    const { startDate, endDate, trace } = quote;
    const discounts = wish.discounts?.discounts ?? [];
    const amountMinor = quote.amountMinor - totalOf(discounts);
    assert(amountMinor >= 0, 'discounts take off what there is, at the most');
    const order = openOrder({
      id: wish.orderId,
      personId: wish.personId,
      classId: wish.classId,
      ruleId: published.ruleId,
      ruleVersion: published.ruleVersion,
      parameters: filledParameters(this.ruleOf(published), published.parameters),
      trace,
      discounts,
      amountMinor,
      currency: published.currency,
      startDate,
      endDate,
      approvalRequired: published.approvalRequired,
      openedAt: this.now,
      expiresAt: amountMinor === 0 ? null : this.now.add({ hours: published.paymentWindowHours }),
    });
    return order.state === 'confirmed' && completesItself(order) ? completeOrder(order, this.now) : order;
  }

  /** A class has one price at one moment: it is computed once for the whole set. */
  private quote(published: PublishedClass): Quote | Refusal {
    const known = this.quotes.get(published.id);
    if (known) return known;
    const quoted = this.compute(published);
    this.quotes.set(published.id, quoted);
    return quoted;
  }

  private compute(published: PublishedClass): Quote | Refusal {
    try {
      return quoteBy(this.ruleOf(published), published.parameters, published, this.now);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  private ruleOf(published: PublishedClass): RuleVersion {
    const rule = this.context.rules.get(keyOf(versionOf(published)));
    assert(rule, 'each class names a version of a rule');
    return rule;
  }
}

function isFor({ priceMinor, currency }: HeldDiscounts, published: PublishedClass, quote: Quote): boolean {
  return priceMinor === quote.amountMinor && currency === published.currency;
}

/** A person and a class as one text, for maps and sets. */
export function pairKey({ personId, classId }: Pick<OrderRequest, 'personId' | 'classId'>): string {
  return `${personId} ${classId}`;
}

export function priceChanged(): Refusal {
  return new Refusal('PRICE_CHANGED', 'The price of the class has just changed; ask for a new quote.');
}

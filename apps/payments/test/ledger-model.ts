import type { Bonus } from '../src/bonuses/domain/bonus.js';
import type { PaymentNotice } from '../src/payments/domain/payment-notice.js';
import type { OrderEvent } from '../src/receivables/order-events.js';
import type { RefundNotice } from '../src/refunds/domain/refund-notice.js';

type State = 'open' | 'reserved' | 'settled' | 'withdrawn';
interface KnownRefund {
  readonly notice: RefundNotice;
  state: 'waiting' | 'applied' | 'reinstated';
}
interface Funding {
  readonly personId: string;
  readonly currency: string;
  readonly orderId?: string | undefined;
  /** Of money that arrives by a payment. */
  readonly amountMinor?: number | undefined;
}

type ExtraKind = 'tip' | 'tax' | 'shipping';

function extrasOf({ tipMinor, taxMinor, shippingMinor }: PaymentNotice): Record<ExtraKind, number> {
  return { tip: tipMinor ?? 0, tax: taxMinor ?? 0, shipping: shippingMinor ?? 0 };
}

/** The rules of the ledger once more, without a database and without sets: the real ledger must agree with it. */
export class LedgerModel {
  readonly states = new Map<string, State>();
  private readonly orders = new Map<string, OrderEvent>();
  private readonly persons = new Set<string>();
  private readonly available = new Map<string, number>();
  private readonly payments = new Map<string, PaymentNotice>();
  private readonly dismissed = new Set<string>();
  private readonly suspense = new Map<string, PaymentNotice>();
  private readonly bonuses = new Map<string, 'granted' | 'reversed'>();
  private readonly owners = new Map<string, string>();
  private readonly owed = new Map<string, number>();
  /** What was written off for orders that are reserved or settled. */
  private readonly writtenOff = new Map<string, number>();
  private readonly extras = new Map<string, Record<ExtraKind, number>>();
  /** The orders that admins gave payments to. */
  private readonly assigned = new Map<string, string>();
  /** By their references, in the order of their receipt. */
  private readonly refunds = new Map<string, KnownRefund>();

  availableTo(personId: string, currency: string): number {
    return this.available.get(`${personId} ${currency}`) ?? 0;
  }

  owedBy(personId: string, currency: string): number {
    return this.owed.get(`${personId} ${currency}`) ?? 0;
  }

  /** What write-offs cost us. */
  expensed(currency: string): number {
    const all = [...this.writtenOff].filter(([orderId]) => this.orders.get(orderId)?.currency === currency);
    return all.reduce((sum, [, amountMinor]) => sum + amountMinor, 0);
  }

  /** What stands on the account of an extra. */
  collected(kind: ExtraKind, currency: string): number {
    const paid = [...this.payments.values()].filter((payment) => payment.currency === currency);
    return paid.reduce((sum, payment) => sum + this.heldOf(payment)[kind], 0);
  }

  suspended(currency: string): number {
    return this.unmatched(currency, (reference) => !this.dismissed.has(reference));
  }

  /** What was dismissed as not ours. */
  foreign(currency: string): number {
    return this.unmatched(currency, (reference) => this.dismissed.has(reference));
  }

  private unmatched(currency: string, counts: (reference: string) => boolean): number {
    const waiting = [...this.suspense.values()].filter((payment) => payment.currency === currency);
    return waiting.filter(({ reference }) => counts(reference)).reduce((sum, payment) => sum + this.leftOf(payment), 0);
  }

  isUnmatched(reference: string): boolean {
    return this.suspense.has(reference);
  }

  register(notices: readonly PaymentNotice[]): void {
    const fundings: Funding[] = [];
    for (const notice of notices) {
      if (this.payments.has(notice.reference)) {
        this.addExtras(notice);
        continue;
      }
      this.payments.set(notice.reference, notice);
      this.extras.set(notice.reference, extrasOf(notice));
      const owner = this.ownerOf(notice);
      if (owner) fundings.push(this.credit(owner, notice));
      else this.suspense.set(notice.reference, notice);
      this.applyWaiting(notice.reference);
    }
    this.fund(fundings);
    this.addNames(notices);
  }

  refund(notices: readonly RefundNotice[]): void {
    const agreed = notices.filter((notice) => {
      const known = this.refunds.get(notice.reference);
      if (!known) this.refunds.set(notice.reference, { notice, state: 'waiting' });
      return !known || known.notice.amountMinor === notice.amountMinor;
    });
    const fundings: Funding[] = [];
    for (const { reference, paymentReference, currency } of agreed.filter(({ reinstated }) => reinstated)) {
      const known = this.refunds.get(reference) as KnownRefund;
      const wasApplied = known.state === 'applied';
      const payment = this.payments.get(paymentReference) as PaymentNotice;
      const leftBefore = wasApplied ? this.leftOf(payment) : 0;
      known.state = 'reinstated';
      if (!wasApplied) continue;
      const owner = this.owners.get(paymentReference);
      // What the refunds took beyond the payment comes back first, and not to the person.
      const amountMinor = this.leftOf(payment) - leftBefore;
      if (owner && amountMinor > 0) {
        this.add(owner, currency, amountMinor);
        fundings.push({
          personId: owner,
          currency,
          orderId: this.orderOf(payment),
          amountMinor,
        });
      }
    }
    for (const paymentReference of new Set(agreed.map((notice) => notice.paymentReference)))
      this.applyWaiting(paymentReference);
    this.fund(fundings);
  }

  /** Each of the next five answers `done`, or why it is refused. */
  giveBack(reference: string, amountMinor?: number): string {
    const payment = this.payments.get(reference) as PaymentNotice;
    if (this.hasExtras(reference)) return 'PAYMENT_NOT_BY_HAND';
    const left = this.leftOf(payment);
    if (left === 0) return 'PAYMENT_REFUNDED';
    if ((amountMinor ?? left) > left) return 'REFUND_EXCEEDS_PAYMENT';
    const { provider, currency, cause } = payment;
    const notice: RefundNotice = {
      provider,
      kind: 'refund',
      reference: `by hand ${this.refunds.size}`,
      paymentReference: reference,
      amountMinor: amountMinor ?? left,
      currency,
      reinstated: false,
      cause,
    };
    this.refunds.set(notice.reference, { notice, state: 'applied' });
    const owner = this.owners.get(reference);
    if (owner) this.take(owner, currency, notice.amountMinor);
    return 'done';
  }

  correct(reference: string, amountMinor: number): string {
    const payment = this.payments.get(reference) as PaymentNotice;
    if (this.hasExtras(reference)) return 'PAYMENT_NOT_BY_HAND';
    const more = amountMinor - payment.amountMinor;
    if (more === 0) return 'AMOUNT_UNCHANGED';
    // What a provider took beyond its payment is no admin's to correct.
    if (this.goneOf(payment) > payment.amountMinor) return 'PAYMENT_REFUNDED';
    if (amountMinor < this.goneOf(payment)) return 'AMOUNT_BELOW_REFUNDED';
    const corrected = { ...payment, amountMinor };
    this.payments.set(reference, corrected);
    if (this.suspense.has(reference)) this.suspense.set(reference, corrected);
    const personId = this.owners.get(reference);
    if (!personId) return 'done';
    const { currency } = payment;
    if (more < 0) {
      this.take(personId, currency, -more);
      return 'done';
    }
    this.add(personId, currency, more);
    this.fund([{ personId, currency, orderId: this.orderOf(payment), amountMinor: more }]);
    return 'done';
  }

  reassign(reference: string, personId: string, orderId?: string): string {
    const payment = this.payments.get(reference) as PaymentNotice;
    const owner = this.owners.get(reference);
    if (!owner) return 'PAYMENT_UNMATCHED';
    const left = this.leftOf(payment);
    if (left === 0) return 'PAYMENT_REFUNDED';
    if (owner === personId) return 'PERSON_UNCHANGED';
    this.take(owner, payment.currency, left);
    if (orderId) this.assigned.set(reference, orderId);
    this.fund([this.credit(personId, payment)]);
    return 'done';
  }

  payOut(personId: string, amountMinor: number, currency: string): string {
    if (amountMinor > this.availableTo(personId, currency)) return 'BALANCE_INSUFFICIENT';
    this.add(personId, currency, -amountMinor);
    return 'done';
  }

  writeOff(orderId: string, atMostMinor: number): string {
    const order = this.orders.get(orderId);
    if (!order) return 'ORDER_NOT_FOUND';
    if (this.states.get(orderId) !== 'open') return 'ORDER_NOT_WAITING';
    const { personId, currency, amountMinor } = order;
    const available = this.availableTo(personId, currency);
    const short = amountMinor - available;
    if (short <= 0) return 'ORDER_NOT_SHORT';
    if (short > atMostMinor || available === 0) return 'SHORTFALL_TOO_LARGE';
    this.orders.set(orderId, { ...order, toleranceMinor: short });
    this.fund([{ personId, currency, orderId }]);
    return 'done';
  }

  /** Only notifications name extras. */
  private hasExtras(reference: string): boolean {
    return Object.values(this.extras.get(reference) ?? {}).some((extra) => extra > 0);
  }

  open(orders: readonly OrderEvent[]): void {
    const matched = this.projectOrders(orders, 'open');
    this.fund([...matched, ...orders.map(({ personId, currency }) => ({ personId, currency }))]);
  }

  withdraw(orders: readonly OrderEvent[]): void {
    this.fund(this.projectOrders(orders, 'withdrawn'));
    for (const { orderId, personId, currency, amountMinor } of orders) {
      if (this.states.get(orderId) === 'reserved') {
        this.add(personId, currency, amountMinor - (this.writtenOff.get(orderId) ?? 0));
        this.writtenOff.delete(orderId);
      }
      this.states.set(orderId, 'withdrawn');
    }
    // An order without a reservation stood in front of others all the same.
    this.fund(orders.map(({ personId, currency }) => ({ personId, currency })));
  }

  settle(orders: readonly OrderEvent[]): void {
    const matched = this.projectOrders(orders, 'open');
    for (const { orderId } of orders) this.states.set(orderId, 'settled');
    this.fund(matched);
  }

  admit(personId: string): void {
    this.fund(this.projectPersons([personId], []));
  }

  dismiss(reference: string): void {
    if (this.suspense.has(reference)) this.dismissed.add(reference);
  }

  assign(reference: string, personId: string, orderId?: string): void {
    const payment = this.suspense.get(reference);
    if (!payment) return;
    this.suspense.delete(reference);
    if (orderId) this.assigned.set(reference, orderId);
    this.fund([this.credit(personId, payment)]);
  }

  grant(bonuses: readonly Bonus[]): void {
    const fresh = bonuses.filter(({ bonusId }, index) => {
      const first = bonuses.findIndex((bonus) => bonus.bonusId === bonusId) === index;
      return first && !this.bonuses.has(bonusId);
    });
    for (const { bonusId, personId, currency, amountMinor } of fresh) {
      this.bonuses.set(bonusId, 'granted');
      this.add(personId, currency, amountMinor);
    }
    const persons = fresh.map(({ personId }) => personId);
    this.fund([
      ...this.projectPersons([...new Set(persons)], []),
      ...fresh.map(({ personId, currency }) => ({ personId, currency })),
    ]);
  }

  reverse(bonuses: readonly Bonus[]): void {
    for (const { bonusId, personId, currency, amountMinor } of bonuses) {
      if (this.bonuses.get(bonusId) === 'granted') this.take(personId, currency, amountMinor);
      this.bonuses.set(bonusId, 'reversed');
    }
  }

  private ownerOf({ personNamed, orderNamed }: PaymentNotice): string | undefined {
    if (!personNamed) return this.orders.get(orderNamed ?? '')?.personId;
    return this.persons.has(personNamed) ? personNamed : undefined;
  }

  /** Payments in suspense take the names that notices add, and move to the persons who are known by them. */
  private addNames(notices: readonly PaymentNotice[]): void {
    for (const { reference, personNamed, orderNamed, amountMinor } of notices) {
      const waiting = this.suspense.get(reference);
      // A repeat with the amount from before a correction contradicts the payment.
      if (!waiting || waiting.amountMinor !== amountMinor) continue;
      const named = {
        ...waiting,
        personNamed: waiting.personNamed ?? personNamed,
        orderNamed: waiting.orderNamed ?? orderNamed,
      };
      this.payments.set(reference, named);
      this.suspense.set(reference, named);
    }
    const fundings: Funding[] = [];
    for (const reference of new Set(notices.map((notice) => notice.reference))) {
      const named = this.suspense.get(reference);
      const owner = named && this.ownerOf(named);
      if (!owner) continue;
      this.suspense.delete(reference);
      fundings.push(this.credit(owner, named));
    }
    this.fund(fundings);
  }

  /** What refunds and disputes took beyond their payments. */
  excess(currency: string): number {
    const payments = [...this.payments.values()].filter((payment) => payment.currency === currency);
    return payments.reduce((sum, payment) => sum + Math.max(0, this.goneOf(payment) - payment.amountMinor), 0);
  }

  /** The extras of a payment that refunds did not take back: they do so after the part of the person, tips first. */
  private heldOf(payment: PaymentNotice): Record<ExtraKind, number> {
    const { tip, tax, shipping } = this.extras.get(payment.reference) as Record<ExtraKind, number>;
    const above = Math.max(0, this.goneOf(payment) - (payment.amountMinor - tip - tax - shipping));
    const left = (extra: number, before: number) => extra - Math.min(extra, Math.max(0, above - before));
    return { tip: left(tip, 0), tax: left(tax, tip), shipping: left(shipping, tip + tax) };
  }

  /** Of a payment, what is neither back at the payer nor an extra. */
  private leftOf(payment: PaymentNotice): number {
    const { tip, tax, shipping } = this.heldOf(payment);
    return Math.max(0, payment.amountMinor - this.goneOf(payment) - tip - tax - shipping);
  }

  private addExtras(notice: PaymentNotice): void {
    const payment = this.payments.get(notice.reference) as PaymentNotice;
    const owner = this.owners.get(notice.reference);
    const person = payment.personNamed ?? owner;
    if (person && notice.personNamed && person !== notice.personNamed) return;
    if (notice.amountMinor !== payment.amountMinor) return;
    const before = this.leftOf(payment);
    const known = this.extras.get(notice.reference) as Record<ExtraKind, number>;
    const named = extrasOf(notice);
    this.extras.set(notice.reference, {
      tip: known.tip || named.tip,
      tax: known.tax || named.tax,
      shipping: known.shipping || named.shipping,
    });
    if (owner) this.take(owner, payment.currency, before - this.leftOf(payment));
  }

  private goneOf({ reference }: PaymentNotice): number {
    const gone = [...this.refunds.values()].filter(({ notice, state }) => {
      return state === 'applied' && notice.paymentReference === reference;
    });
    return gone.reduce((sum, { notice }) => sum + notice.amountMinor, 0);
  }

  /** The refunds of a payment that wait are applied, beyond the payment too. */
  private applyWaiting(paymentReference: string): void {
    const payment = this.payments.get(paymentReference);
    if (!payment) return;
    for (const known of this.refunds.values()) {
      const { notice, state } = known;
      if (state !== 'waiting' || notice.paymentReference !== paymentReference) continue;
      if (notice.currency !== payment.currency) continue;
      const before = this.leftOf(payment);
      known.state = 'applied';
      const owner = this.owners.get(paymentReference);
      if (!owner) continue;
      this.take(owner, notice.currency, before - this.leftOf(payment));
    }
  }

  /** What the person cannot spend is owed. */
  private take(personId: string, currency: string, amountMinor: number): void {
    const covered = Math.min(amountMinor, this.availableTo(personId, currency));
    this.add(personId, currency, -covered);
    this.owe(personId, currency, amountMinor - covered);
  }

  private owe(personId: string, currency: string, amountMinor: number): void {
    this.owed.set(`${personId} ${currency}`, this.owedBy(personId, currency) + amountMinor);
  }

  private projectOrders(orders: readonly OrderEvent[], first: State): Funding[] {
    const added = orders.filter(({ orderId }) => !this.orders.has(orderId));
    for (const order of added) {
      if (!this.orders.has(order.orderId)) this.states.set(order.orderId, first);
      this.orders.set(order.orderId, order);
    }
    return this.projectPersons(
      orders.map(({ personId }) => personId),
      added,
    );
  }

  private projectPersons(persons: readonly string[], added: readonly OrderEvent[]): Funding[] {
    const newcomers = persons.filter((personId) => !this.persons.has(personId));
    for (const personId of newcomers) this.persons.add(personId);
    const fundings: Funding[] = [];
    for (const [reference, payment] of this.suspense) {
      const owner = payment.personNamed
        ? newcomers.find((personId) => personId === payment.personNamed)
        : added.find(({ orderId }) => orderId === payment.orderNamed)?.personId;
      if (!owner) continue;
      this.suspense.delete(reference);
      fundings.push(this.credit(owner, payment));
    }
    return fundings;
  }

  private credit(personId: string, payment: PaymentNotice): Funding {
    const { reference, currency } = payment;
    this.owners.set(reference, personId);
    const amountMinor = this.leftOf(payment);
    this.add(personId, currency, amountMinor);
    return { personId, currency, orderId: this.orderOf(payment), amountMinor };
  }

  private orderOf({ reference, orderNamed }: PaymentNotice): string | undefined {
    return this.assigned.get(reference) ?? orderNamed ?? undefined;
  }

  private add(personId: string, currency: string, amountMinor: number): void {
    this.available.set(`${personId} ${currency}`, this.availableTo(personId, currency) + amountMinor);
  }

  private fund(fundings: readonly Funding[]): void {
    const purses = new Map(fundings.map((funding) => [`${funding.personId} ${funding.currency}`, funding]));
    for (const { personId, currency } of purses.values()) {
      const repaid = Math.min(this.availableTo(personId, currency), this.owedBy(personId, currency));
      this.add(personId, currency, -repaid);
      this.owe(personId, currency, -repaid);
      const theirs = fundings.filter((one) => one.personId === personId && one.currency === currency);
      for (const order of this.preferred(this.waiting(personId, currency), theirs)) if (!this.reserve(order)) break;
      for (const order of this.waiting(personId, currency)) if (!this.reserve(order)) break;
    }
  }

  /** The open receivables of a person and currency, oldest first. */
  private waiting(personId: string, currency: string): OrderEvent[] {
    return [...this.orders.values()]
      .filter((order) => order.personId === personId && order.currency === currency && order.amountMinor > 0)
      .filter((order) => this.states.get(order.orderId) === 'open')
      .sort((left, right) => Temporal.Instant.compare(left.openedAt, right.openedAt));
  }

  /** The orders that money names, and the only ones whose amount it equals: cheapest first. */
  private preferred(waiting: readonly OrderEvent[], fundings: readonly Funding[]): OrderEvent[] {
    const namedBy = ({ orderId }: Funding) => waiting.find((order) => order.orderId === orderId);
    const named = fundings.flatMap((one) => namedBy(one) ?? []);
    const equalled = fundings.flatMap((one) => {
      if (namedBy(one) || one.amountMinor === undefined) return [];
      const equal = waiting.filter((order) => order.amountMinor === one.amountMinor && !named.includes(order));
      return equal.length === 1 ? equal : [];
    });
    // The sort is stable: the oldest of those that cost the same.
    return waiting
      .filter((order) => named.includes(order) || equalled.includes(order))
      .sort((left, right) => left.amountMinor - right.amountMinor);
  }

  private reserve({ orderId, personId, currency, amountMinor, toleranceMinor }: OrderEvent): boolean {
    const short = Math.max(0, amountMinor - this.availableTo(personId, currency));
    if (short > toleranceMinor) return false;
    this.add(personId, currency, short - amountMinor);
    if (short > 0) this.writtenOff.set(orderId, short);
    this.states.set(orderId, 'reserved');
    return true;
  }
}

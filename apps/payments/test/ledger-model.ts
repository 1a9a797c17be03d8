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
}

/** The rules of the ledger once more, without a database and without sets: the real ledger must agree with it. */
export class LedgerModel {
  readonly states = new Map<string, State>();
  private readonly orders = new Map<string, OrderEvent>();
  private readonly persons = new Set<string>();
  private readonly available = new Map<string, number>();
  private readonly payments = new Map<string, PaymentNotice>();
  private readonly suspense = new Map<string, PaymentNotice>();
  private readonly bonuses = new Map<string, 'granted' | 'reversed'>();
  private readonly owners = new Map<string, string>();
  private readonly owed = new Map<string, number>();
  /** By their references, in the order of their receipt. */
  private readonly refunds = new Map<string, KnownRefund>();

  availableTo(personId: string, currency: string): number {
    return this.available.get(`${personId} ${currency}`) ?? 0;
  }

  owedBy(personId: string, currency: string): number {
    return this.owed.get(`${personId} ${currency}`) ?? 0;
  }

  suspended(currency: string): number {
    const waiting = [...this.suspense.values()].filter((payment) => payment.currency === currency);
    return waiting.reduce((sum, payment) => sum + this.leftOf(payment), 0);
  }

  isUnmatched(reference: string): boolean {
    return this.suspense.has(reference);
  }

  register(notices: readonly PaymentNotice[]): void {
    const fundings: Funding[] = [];
    for (const notice of notices) {
      if (this.payments.has(notice.reference)) continue;
      this.payments.set(notice.reference, notice);
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
    for (const { reference, paymentReference, currency, amountMinor } of agreed.filter(
      ({ reinstated }) => reinstated,
    )) {
      const known = this.refunds.get(reference) as KnownRefund;
      const wasApplied = known.state === 'applied';
      known.state = 'reinstated';
      if (!wasApplied) continue;
      const owner = this.owners.get(paymentReference);
      if (owner) {
        this.add(owner, currency, amountMinor);
        fundings.push({
          personId: owner,
          currency,
          orderId: this.payments.get(paymentReference)?.orderNamed ?? undefined,
        });
      }
    }
    for (const paymentReference of new Set(agreed.map((notice) => notice.paymentReference)))
      this.applyWaiting(paymentReference);
    this.fund(fundings);
  }

  open(orders: readonly OrderEvent[]): void {
    const matched = this.projectOrders(orders, 'open');
    this.fund([...matched, ...orders.map(({ personId, currency }) => ({ personId, currency }))]);
  }

  withdraw(orders: readonly OrderEvent[]): void {
    const fundings = this.projectOrders(orders, 'withdrawn');
    for (const { orderId, personId, currency, amountMinor } of orders) {
      if (this.states.get(orderId) === 'reserved') {
        this.add(personId, currency, amountMinor);
        fundings.push({ personId, currency });
      }
      this.states.set(orderId, 'withdrawn');
    }
    this.fund(fundings);
  }

  settle(orders: readonly OrderEvent[]): void {
    const matched = this.projectOrders(orders, 'open');
    for (const { orderId } of orders) this.states.set(orderId, 'settled');
    this.fund(matched);
  }

  admit(personId: string): void {
    this.fund(this.projectPersons([personId], []));
  }

  assign(reference: string, personId: string): void {
    const payment = this.suspense.get(reference);
    if (!payment) return;
    this.suspense.delete(reference);
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
    this.fund([...this.projectPersons([...new Set(persons)], []), ...fresh]);
  }

  reverse(bonuses: readonly Bonus[]): void {
    for (const { bonusId, personId, currency, amountMinor } of bonuses) {
      const left = this.bonuses.get(bonusId) === 'granted' ? this.availableTo(personId, currency) : 0;
      this.add(personId, currency, -Math.min(amountMinor, left));
      this.bonuses.set(bonusId, 'reversed');
    }
  }

  private ownerOf({ personNamed, orderNamed }: PaymentNotice): string | undefined {
    if (!personNamed) return this.orders.get(orderNamed ?? '')?.personId;
    return this.persons.has(personNamed) ? personNamed : undefined;
  }

  /** Payments in suspense take the names that notices add, and move to the persons who are known by them. */
  private addNames(notices: readonly PaymentNotice[]): void {
    for (const { reference, personNamed, orderNamed } of notices) {
      const waiting = this.suspense.get(reference);
      if (!waiting) continue;
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

  /** Of a payment, what is not back at the payer. */
  private leftOf({ reference, amountMinor }: PaymentNotice): number {
    const gone = [...this.refunds.values()].filter(({ notice, state }) => {
      return state === 'applied' && notice.paymentReference === reference;
    });
    return gone.reduce((left, { notice }) => left - notice.amountMinor, amountMinor);
  }

  /** The refunds of a payment that wait are applied as they fit. */
  private applyWaiting(paymentReference: string): void {
    const payment = this.payments.get(paymentReference);
    if (!payment) return;
    for (const known of this.refunds.values()) {
      const { notice, state } = known;
      if (state !== 'waiting' || notice.paymentReference !== paymentReference) continue;
      if (notice.currency !== payment.currency || notice.amountMinor > this.leftOf(payment)) continue;
      known.state = 'applied';
      const owner = this.owners.get(paymentReference);
      if (!owner) continue;
      const covered = Math.min(notice.amountMinor, this.availableTo(owner, notice.currency));
      this.add(owner, notice.currency, -covered);
      this.owe(owner, notice.currency, notice.amountMinor - covered);
    }
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
    const { reference, currency, orderNamed } = payment;
    this.owners.set(reference, personId);
    this.add(personId, currency, this.leftOf(payment));
    return { personId, currency, orderId: orderNamed ?? undefined };
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
      const named = new Set(
        fundings
          .filter((funding) => funding.personId === personId && funding.currency === currency)
          .map(({ orderId }) => orderId),
      );
      const waiting = [...this.orders.values()]
        .filter((order) => order.personId === personId && order.currency === currency && order.amountMinor > 0)
        .filter((order) => this.states.get(order.orderId) === 'open')
        .sort(
          (left, right) =>
            Number(named.has(right.orderId)) - Number(named.has(left.orderId)) ||
            Temporal.Instant.compare(left.openedAt, right.openedAt),
        );
      for (const order of waiting) {
        if (order.amountMinor > this.availableTo(personId, currency)) break;
        this.add(personId, currency, -order.amountMinor);
        this.states.set(order.orderId, 'reserved');
      }
    }
  }
}

import { Refusal } from '#kernel/refusal.js';
import type { PublishedClass } from '../../classes/domain/class.js';
import type { Quote } from '../../rules/domain/methods/method.js';
import type { ClosedOrder, ConfirmedOrder, OpenedOrder } from './order.js';

/** An order that is neither closed nor ended. */
export type OpenOrder = Pick<OpenedOrder | ConfirmedOrder, 'id' | 'personId' | 'classId' | 'state' | 'expiresAt'>;

/** The days of an enrolment, both included; an open end is null. */
export interface EnrolledDays {
  readonly personId: string;
  readonly classId: string;
  readonly orderId: string;
  readonly startDate: Temporal.PlainDate;
  readonly endDate: Temporal.PlainDate | null;
}

/** What persons have ordered already, as far as it decides a further order. */
export interface Commitments {
  /** The open orders of the requested pairs of person and class. */
  readonly openOrders: readonly OpenOrder[];
  /** The enrolments of the requested pairs of person and class. */
  readonly enrolments: readonly EnrolledDays[];
  /** The number of opened orders, which wait for their money, by person. */
  readonly unpaid: ReadonlyMap<string, number>;
}

/** A person and a class as one text, for keys of maps and sets. */
export function pairKey({ personId, classId }: { readonly personId: string; readonly classId: string }): string {
  return `${personId} ${classId}`;
}

/** Decides by their commitments whether persons may order, and counts each new order of the set as one more. */
export class PersonCommitments {
  private readonly openOrders: Map<string, OpenOrder>;
  private readonly enrolments = new Map<string, EnrolledDays[]>();
  private readonly unpaid: Map<string, number>;

  /** @param unpaidMax the most opened orders of a person */
  constructor(
    { openOrders, enrolments, unpaid }: Commitments,
    private readonly unpaidMax: number,
  ) {
    this.openOrders = new Map(openOrders.map((order) => [pairKey(order), order]));
    this.unpaid = new Map(unpaid);
    for (const days of enrolments) this.enrol(days);
  }

  /** ORDER_ALREADY_OPEN, ALREADY_ENROLLED, or null when the person may order the class once more. */
  repeatRefusal(personId: string, { id: classId, repeatEnrolment }: PublishedClass, quote: Quote): Refusal | null {
    const key = pairKey({ personId, classId });
    const open = this.openOrders.get(key);
    if (open) {
      return new Refusal('ORDER_ALREADY_OPEN', 'An order of this class is open already.', {
        order_id: open.id,
        state: open.state,
        expires_at: open.expiresAt?.toString() ?? null,
      });
    }
    if (repeatEnrolment === 'allowed') return null;
    const lasting = this.enrolments.get(key)?.find((days) => overlap(days, quote));
    return lasting ? alreadyEnrolled(lasting) : null;
  }

  /** TOO_MANY_OPEN_ORDERS, or null when the person may have one more order that waits for its money. */
  unpaidRefusal(personId: string): Refusal | null {
    const openOrders = this.unpaid.get(personId) ?? 0;
    if (openOrders < this.unpaidMax) return null;
    const orders = openOrders === 1 ? '1 order is' : `${openOrders} orders are`;
    const says = `${orders} not paid yet; pay or cancel one of them first.`;
    return new Refusal('TOO_MANY_OPEN_ORDERS', says, { open_orders: openOrders, limit: this.unpaidMax });
  }

  /** Counts a new order of the set. */
  add(order: OpenedOrder | ConfirmedOrder | ClosedOrder): void {
    if (order.state === 'closed') this.enrol({ ...order, orderId: order.id });
    else this.openOrders.set(pairKey(order), order);
    if (order.state === 'opened') this.unpaid.set(order.personId, (this.unpaid.get(order.personId) ?? 0) + 1);
  }

  private enrol(days: EnrolledDays): void {
    const key = pairKey(days);
    this.enrolments.set(key, [...(this.enrolments.get(key) ?? []), days]);
  }
}

type Days = Pick<EnrolledDays, 'startDate' | 'endDate'>;

/** Whether two spans of days have a day in common. */
function overlap(one: Days, other: Days): boolean {
  return !endsBefore(one, other) && !endsBefore(other, one);
}

function endsBefore({ endDate }: Days, { startDate }: Days): boolean {
  return endDate !== null && Temporal.PlainDate.compare(endDate, startDate) < 0;
}

function alreadyEnrolled({ orderId, endDate }: EnrolledDays): Refusal {
  const says = endDate
    ? `An enrolment in this class lasts until ${endDate}, that day included.`
    : 'An enrolment in this class exists already.';
  return new Refusal('ALREADY_ENROLLED', says, { order_id: orderId, end_date: endDate?.toString() ?? null });
}

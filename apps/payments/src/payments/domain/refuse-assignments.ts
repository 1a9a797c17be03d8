import { Refusal } from '#kernel/refusal.js';

/** That an admin gives a payment in suspense to a person, and perhaps to one of their orders. */
export interface Assignment {
  readonly paymentId: string;
  readonly personId: string;
  readonly assignedOrderId: string | null;
}

/** A payment, and whose it is; null in suspense. */
export interface OwnedPayment {
  readonly personId: string | null;
  readonly currency: string;
}

/** Whose an order is, and in which currency it is paid. */
export interface OrderedBy {
  readonly personId: string;
  readonly currency: string;
}

/** What is known of a set of assignments. */
export interface AssignmentState {
  readonly payments: ReadonlyMap<string, OwnedPayment>;
  readonly persons: ReadonlySet<string>;
  readonly orders: ReadonlyMap<string, OrderedBy>;
}

/**
 * Of each assignment why it is refused, if it is: PAYMENT_NOT_FOUND, PAYMENT_ALREADY_MATCHED, PERSON_NOT_FOUND,
 * ORDER_NOT_FOUND, ORDER_OF_ANOTHER_PERSON or CURRENCY_MISMATCH. Of two for one payment, the first one that is sound
 * takes it. The order may have ended: its money is the person’s then.
 */
export function refuseAssignments(
  assignments: readonly Assignment[],
  state: AssignmentState,
): readonly (Refusal | undefined)[] {
  const taken = new Set<string>();
  return assignments.map((assignment) => {
    const refusal = refusalOf(assignment, taken, state);
    if (!refusal) taken.add(assignment.paymentId);
    return refusal;
  });
}

function refusalOf(
  { paymentId, personId, assignedOrderId }: Assignment,
  taken: ReadonlySet<string>,
  { payments, persons, orders }: AssignmentState,
): Refusal | undefined {
  const payment = payments.get(paymentId);
  if (!payment) return new Refusal('PAYMENT_NOT_FOUND', 'There is no such payment.', { paymentId });
  if (payment.personId !== null || taken.has(paymentId)) {
    return new Refusal('PAYMENT_ALREADY_MATCHED', 'This payment belongs to somebody already.', { paymentId });
  }
  if (!persons.has(personId)) {
    return new Refusal('PERSON_NOT_FOUND', 'There is no such person.', { field: 'person_id' });
  }
  if (assignedOrderId === null) return undefined;
  const order = orders.get(assignedOrderId);
  if (!order) return new Refusal('ORDER_NOT_FOUND', 'There is no such order.', { field: 'order_id' });
  if (order.personId !== personId) {
    return new Refusal('ORDER_OF_ANOTHER_PERSON', 'The order is not this person’s.', { field: 'order_id' });
  }
  if (order.currency !== payment.currency) {
    return new Refusal('CURRENCY_MISMATCH', `The order is paid in ${order.currency}.`, { field: 'order_id' });
  }
  return undefined;
}

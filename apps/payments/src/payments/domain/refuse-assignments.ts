import { orRefusal, Refusal } from '#kernel/refusal.js';

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

/** The persons that payments can be given to, and orders that can get them. */
export interface Payees {
  readonly persons: ReadonlySet<string>;
  readonly orders: ReadonlyMap<string, OrderedBy>;
}

/** What is known of a set of assignments. */
export interface AssignmentState extends Payees {
  readonly payments: ReadonlyMap<string, OwnedPayment>;
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
    const { paymentId } = assignment;
    const result = orRefusal(() => assertAssignable(assignment, taken, state));
    if (!(result instanceof Refusal)) taken.add(paymentId);
    return result instanceof Refusal ? result : undefined;
  });
}

function assertAssignable(assignment: Assignment, taken: ReadonlySet<string>, state: AssignmentState): void {
  const { paymentId } = assignment;
  const payment = state.payments.get(paymentId);
  if (!payment) throw new Refusal('PAYMENT_NOT_FOUND', 'There is no such payment.', { paymentId });
  if (payment.personId !== null || taken.has(paymentId)) {
    throw new Refusal('PAYMENT_ALREADY_MATCHED', 'This payment belongs to somebody already.', { paymentId });
  }
  assertPayee(assignment, payment.currency, state);
}

/**
 * Whether a person, and an order of theirs, can get money of this currency.
 * @throws Refusal PERSON_NOT_FOUND, ORDER_NOT_FOUND, ORDER_OF_ANOTHER_PERSON or CURRENCY_MISMATCH
 */
export function assertPayee(
  { personId, assignedOrderId }: Pick<Assignment, 'personId' | 'assignedOrderId'>,
  currency: string,
  { persons, orders }: Payees,
): void {
  if (!persons.has(personId)) {
    throw new Refusal('PERSON_NOT_FOUND', 'There is no such person.', { field: 'person_id' });
  }
  if (assignedOrderId === null) return;
  const order = orders.get(assignedOrderId);
  if (!order) throw new Refusal('ORDER_NOT_FOUND', 'There is no such order.', { field: 'order_id' });
  if (order.personId !== personId) {
    throw new Refusal('ORDER_OF_ANOTHER_PERSON', 'The order is not this person’s.', { field: 'order_id' });
  }
  if (order.currency !== currency) {
    throw new Refusal('CURRENCY_MISMATCH', `The order is paid in ${order.currency}.`, { field: 'order_id' });
  }
}

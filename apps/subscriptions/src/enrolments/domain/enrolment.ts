import type { ClosedOrder } from '../../orders/domain/order.js';

/** A person's place in the students group of a class: exactly one for each closed order. */
export interface Enrolment {
  readonly id: string;
  readonly orderId: string;
  readonly personId: string;
  readonly classId: string;
  /** Calendar days of the class's zone, both included; an open end is null. */
  readonly startDate: Temporal.PlainDate;
  readonly endDate: Temporal.PlainDate | null;
  readonly enrolledAt: Temporal.Instant;
}

export function enrol(order: ClosedOrder, id: string): Enrolment {
  return {
    id,
    orderId: order.id,
    personId: order.personId,
    classId: order.classId,
    startDate: order.startDate,
    endDate: order.endDate,
    enrolledAt: order.closedAt,
  };
}

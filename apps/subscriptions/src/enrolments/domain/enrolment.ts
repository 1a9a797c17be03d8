/** A person's place in the students group of a class. Each closed order has exactly one, but for later instalments. */
export interface Enrolment {
  readonly id: string;
  readonly orderId: string;
  readonly personId: string;
  readonly classId: string;
  /** Calendar days of the class's zone, both included; an open end is null. */
  readonly startDate: Temporal.PlainDate;
  readonly endDate: Temporal.PlainDate | null;
  readonly enrolledAt: Temporal.Instant;
  /** The first day on which the person is not in the class any more, where the subscription ended before. */
  readonly leftOn: Temporal.PlainDate | null;
}

/** The calendar day of an ISO 8601 date of the wire, or null. */
export function dayOf(day: string | null): Temporal.PlainDate | null {
  return day === null ? null : Temporal.PlainDate.from(day);
}

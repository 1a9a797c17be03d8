/** A calendar day of the wire, or none. */
export function dayOf(day: string | null): Temporal.PlainDate | null {
  return day === null ? null : Temporal.PlainDate.from(day);
}

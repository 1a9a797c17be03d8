/** The UTC days of a date range whose ends are days or instants. */
export function utcDays({ from, to }: { from?: string; to?: string }): { from?: string; to?: string } {
  return { ...(from && { from: dayOf(from) }), ...(to && { to: dayOf(to) }) };
}

function dayOf(text: string): string {
  if (!text.includes('T')) return text;
  return Temporal.Instant.from(text).toZonedDateTimeISO('UTC').toPlainDate().toString();
}

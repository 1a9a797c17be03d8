/** The days of UTC that a span begins and ends with, each named by a day or by an instant of it. */
export function utcDays({ from, to }: { from?: string; to?: string }): { from?: string; to?: string } {
  return { ...(from && { from: dayOf(from) }), ...(to && { to: dayOf(to) }) };
}

function dayOf(text: string): string {
  if (!text.includes('T')) return text;
  return Temporal.Instant.from(text).toZonedDateTimeISO('UTC').toPlainDate().toString();
}

/** A time zone in which the clocks show this hour now, and in which they do not change today or tomorrow. */
export function zoneWhereItIs(hour: number): string {
  const now = Temporal.Now.instant();
  const found = Intl.supportedValuesOf('timeZone').find((zone) => {
    const local = now.toZonedDateTimeISO(zone);
    const dayAfterNext = local.startOfDay().add({ days: 2 });
    return local.hour === hour && local.startOfDay().offset === dayAfterNext.offset;
  });
  if (!found) throw new Error(`Nowhere is it ${hour} o’clock now`);
  return found;
}

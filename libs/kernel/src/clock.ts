/** Where the time comes from. It is handed in everywhere, so that tests can move it. */
export abstract class Clock {
  abstract now(): Temporal.Instant;
}

/** In whole microseconds, as the databases keep them: an instant that was stored comes back as the same one. */
export class SystemClock extends Clock {
  now(): Temporal.Instant {
    // What `round` says of "floor" and "microsecond", at a seventh of its price.
    const { epochNanoseconds } = Temporal.Now.instant();
    return new Temporal.Instant(epochNanoseconds - (epochNanoseconds % 1_000n));
  }
}

/** The calendar day that `instant` falls on for somebody who lives in `zone` (an IANA name). */
export function localDay(instant: Temporal.Instant, zone: string): Temporal.PlainDate {
  return instant.toZonedDateTimeISO(zone).toPlainDate();
}

const regionSlashCity = /^[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)+$/;

/**
 * Whether `name` is an IANA time zone name, links included (Asia/Calcutta). Abbreviations (`IST`), POSIX strings
 * (`EST5EDT`) and offsets (`+05:30`) are not: they do not say when the clocks change.
 */
export function isTimeZone(name: string): boolean {
  if (name !== 'UTC' && !regionSlashCity.test(name)) return false;
  try {
    // Asked of what will tell the time there: Intl knows names that Temporal does not (SystemV/EST5).
    localDay(Temporal.Instant.fromEpochMilliseconds(0), name);
    return true;
  } catch {
    return false;
  }
}

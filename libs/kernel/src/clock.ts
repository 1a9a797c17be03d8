/** The source of the current time. It is injected everywhere, so that tests can move it. */
export abstract class Clock {
  abstract now(): Temporal.Instant;
}

/** The clock of the machine, in whole microseconds as the databases store them: a stored instant is read back equal. */
export class SystemClock extends Clock {
  now(): Temporal.Instant {
    // Equal to `round` with "floor" and "microsecond", in a seventh of its time.
    const { epochNanoseconds } = Temporal.Now.instant();
    return new Temporal.Instant(epochNanoseconds - (epochNanoseconds % 1_000n));
  }
}

/** The calendar day of `instant` in `zone` (an IANA name). */
export function localDay(instant: Temporal.Instant, zone: string): Temporal.PlainDate {
  return instant.toZonedDateTimeISO(zone).toPlainDate();
}

const regionSlashCity = /^[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)+$/;

/**
 * Whether `name` is an IANA time zone name, links included (Asia/Calcutta). Abbreviations (`IST`), POSIX strings
 * (`EST5EDT`) and offsets (`+05:30`) are not: they contain no rule for when the clocks change.
 */
export function isTimeZone(name: string): boolean {
  if (name !== 'UTC' && !regionSlashCity.test(name)) return false;
  try {
    // Checked with Temporal, which later computes with it: Intl accepts names that Temporal does not (SystemV/EST5).
    localDay(Temporal.Instant.fromEpochMilliseconds(0), name);
    return true;
  } catch {
    return false;
  }
}

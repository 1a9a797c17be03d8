/** A delivery is tried for three days. */
const triedForHours = 72;
const firstPauseSeconds = 10;
const pauseMaxSeconds = 12 * 3_600;
/** A longer Retry-After is cut: nobody waits for a server for more than a day. */
const retryAfterMaxSeconds = 24 * 3_600;
/** Up to a fifth more, so that what failed together does not come together. */
const jitter = 0.2;

/**
 * When a failed delivery is tried again: after 10 seconds, 30, 90, then three times as long each time up to 12 hours,
 * and not before `retryAfter`. Null after three days.
 * @param attempts so many were made since `triedSince`, at least one
 * @param random from 0 to 1
 */
export function nextAttemptAt(
  {
    attempts,
    triedSince,
    retryAfter,
  }: { attempts: number; triedSince: Temporal.Instant; retryAfter: Temporal.Instant | null },
  now: Temporal.Instant,
  random: number,
): Temporal.Instant | null {
  const pause = Math.min(firstPauseSeconds * 3 ** Math.min(attempts - 1, 20), pauseMaxSeconds);
  const byPause = now.add({ milliseconds: Math.round(pause * (1 + jitter * random) * 1_000) });
  const end = triedSince.add({ hours: triedForHours });
  if (Temporal.Instant.compare(byPause, end) > 0) return null;
  if (retryAfter === null || Temporal.Instant.compare(retryAfter, byPause) <= 0) return byPause;
  return Temporal.Instant.compare(retryAfter, end) <= 0 ? retryAfter : end;
}

/** The instant that a Retry-After header (RFC 9110 §10.2.3) names, in seconds or as a date; null for none. */
export function retryAfterOf(header: string | undefined, now: Temporal.Instant): Temporal.Instant | null {
  if (header === undefined) return null;
  const seconds = /^\d{1,9}$/.test(header.trim())
    ? Number(header)
    : (Date.parse(header) - now.epochMilliseconds) / 1_000;
  if (!(seconds > 0)) return null;
  return now.add({ milliseconds: Math.round(Math.min(seconds, retryAfterMaxSeconds) * 1_000) });
}

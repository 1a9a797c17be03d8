import { decideHours, type Hours } from './active-hours.js';
import { closingOf, nextOpening } from './openings.js';

/** The first instant and the end, which is not included; null is unlimited. */
export interface Validity {
  readonly validFrom: Temporal.Instant | null;
  readonly validUntil: Temporal.Instant | null;
}

/** Whether hours and validity allow a use at one instant, and when that changes next: the data of a countdown. */
export interface Availability {
  readonly open: boolean;
  readonly localTime: string;
  /** The next opening; null while open, and if there is none within `previewDays`. */
  readonly nextOpensAt: Temporal.Instant | null;
  /** The first instant at which it is closed again; null while closed, and if nothing ends it. */
  readonly closesAt: Temporal.Instant | null;
}

/** The availability of a code at `now`. */
export function availabilityAt(hours: Hours, { validFrom, validUntil }: Validity, now: Temporal.Instant): Availability {
  const { open: isOpen, localTime } = decideHours(hours, now);
  const hasBegun = validFrom === null || Temporal.Instant.compare(validFrom, now) <= 0;
  const hasEnded = validUntil !== null && Temporal.Instant.compare(validUntil, now) <= 0;
  if (isOpen && hasBegun && !hasEnded) {
    return { open: true, localTime, nextOpensAt: null, closesAt: earlier(closingOf(hours, now), validUntil) };
  }
  const opensAt = hasEnded ? null : opening(hours, hasBegun ? now : validFrom);
  const isInTime = opensAt !== null && (validUntil === null || Temporal.Instant.compare(opensAt, validUntil) < 0);
  return { open: false, localTime, nextOpensAt: isInTime ? opensAt : null, closesAt: null };
}

function opening(hours: Hours, from: Temporal.Instant): Temporal.Instant | null {
  return decideHours(hours, from).open ? from : nextOpening(hours, from);
}

function earlier(one: Temporal.Instant | null, other: Temporal.Instant | null): Temporal.Instant | null {
  if (one === null || other === null) return one ?? other;
  return Temporal.Instant.compare(one, other) <= 0 ? one : other;
}

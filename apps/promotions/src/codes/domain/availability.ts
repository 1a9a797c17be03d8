import { decideHours, type Hours } from './active-hours.js';
import { closingOf, nextOpening } from './openings.js';

/** From when on and until when, the end not included; null is open. */
export interface Validity {
  readonly validFrom: Temporal.Instant | null;
  readonly validUntil: Temporal.Instant | null;
}

/** How hours and validity together stand at one instant: what somebody counts down by. */
export interface Availability {
  readonly open: boolean;
  readonly localTime: string;
  /** When it works next; null while it works, and when it never will within the time that openings are looked for. */
  readonly nextOpensAt: Temporal.Instant | null;
  /** The first instant at which it does not work any more; null while it does not work, and when nothing ends it. */
  readonly closesAt: Temporal.Instant | null;
}

/** How hours and validity stand at `now`, and when that changes next. */
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

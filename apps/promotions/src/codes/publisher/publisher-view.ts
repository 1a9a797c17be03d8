import type { z } from 'zod';
import type { publisherCode } from '#contracts/promotions/publisher-codes.js';
import { hoursOf } from '../domain/active-hours.js';
import { availabilityAt } from '../domain/availability.js';
import { formatBenefit } from '../domain/benefit.js';
import type { PromoCode } from '../domain/code.js';

/** A code as its publisher sees it at `now`. */
export function publisherView(
  code: PromoCode,
  offerNames: ReadonlyMap<string, string>,
  now: Temporal.Instant,
): z.output<typeof publisherCode> {
  return {
    code_id: code.id,
    code: code.code,
    title: code.title,
    kind: code.kind,
    status: code.status,
    benefit: formatBenefit(code),
    currency: code.currency,
    valid_from: code.validFrom?.toString() ?? null,
    valid_until: code.validUntil?.toString() ?? null,
    hours: hoursView(code, now),
    uses: {
      used: code.used,
      held: code.held,
      max_uses: code.maxUses,
      remaining: code.maxUses === null ? null : code.maxUses - code.used - code.held,
      max_uses_per_person: code.maxUsesPerPerson,
      max_uses_per_offer: code.maxUsesPerOffer,
    },
    money: {
      given_minor: code.givenMinor,
      held_minor: code.heldMinor,
      budget_minor: code.budgetMinor,
      remaining_minor: code.budgetMinor === null ? null : code.budgetMinor - code.givenMinor - code.heldMinor,
    },
    offers: {
      rule: code.offersRule,
      offers: code.offers.map((offerId) => ({ offer_id: offerId, name: offerNames.get(offerId) ?? null })),
    },
    first_used_at: code.firstUsedAt?.toString() ?? null,
    auto_deactivated_at: code.autoDeactivatedAt?.toString() ?? null,
  };
}

function hoursView(code: PromoCode, now: Temporal.Instant) {
  const standing = availabilityAt(hoursOf(code.activeHours, code.days), code, now);
  return {
    active_hours: { ...code.activeHours },
    days: code.days && [...code.days],
    as_of: now.toString(),
    open: standing.open,
    local_time: standing.localTime,
    next_opens_at: standing.nextOpensAt?.toString() ?? null,
    closes_at: standing.closesAt?.toString() ?? null,
    seconds_to_opening: secondsTo(standing.nextOpensAt, now),
    seconds_to_closing: secondsTo(standing.closesAt, now),
  };
}

/** Rounded up, so that a countdown to zero does not end early. */
function secondsTo(instant: Temporal.Instant | null, now: Temporal.Instant): number | null {
  return instant && Math.ceil((instant.epochMilliseconds - now.epochMilliseconds) / 1_000);
}

import type { z } from 'zod';
import type { promoCodeChangeBody, promoCodeTerms } from '#contracts/promotions/promo-code-terms.js';
import type { codeOpening, exportedCode, promoCodeView } from '#contracts/promotions/promo-codes.js';
import { canonicalJson } from '#kernel/ids.js';
import { offerIdOf } from '../offers/domain/offer.js';
import { hoursOf } from './domain/active-hours.js';
import { availabilityAt } from './domain/availability.js';
import type { CodeTerms, PromoCode } from './domain/code.js';
import type { Opening } from './domain/openings.js';

export type CodeView = z.output<typeof promoCodeView>;
type WireTerms = Omit<z.output<typeof promoCodeTerms>, 'status' | 'persons'>;
type WireChange = z.output<typeof promoCodeChangeBody>;

/** Terms as they are sent, as the domain holds them. */
export function termsOf(wire: WireTerms): CodeTerms {
  return {
    title: wire.title,
    ownerId: wire.owner_id,
    kind: wire.kind,
    percentBp: wire.percent_bp,
    amountMinor: wire.amount_minor,
    capMinor: wire.cap_minor,
    minimumMinor: wire.minimum_minor,
    currency: wire.currency,
    validFrom: instantOf(wire.valid_from),
    validUntil: instantOf(wire.valid_until),
    activeHours: wire.active_hours,
    days: wire.days,
    maxUses: wire.max_uses,
    maxUsesPerPerson: wire.max_uses_per_person,
    maxUsesPerOffer: wire.max_uses_per_offer,
    budgetMinor: wire.budget_minor,
    offersRule: wire.offers_rule,
    offers: wire.offers.map(offerIdOf),
    audience: wire.audience,
    stacking: wire.stacking,
    precedence: wire.precedence,
    autoDeactivateOnMaxUses: wire.auto_deactivate_on_max_uses,
    countsOn: wire.counts_on,
    holdHours: wire.hold_hours,
    holdPastValidity: wire.hold_past_validity,
    giveBack: wire.give_back,
  };
}

/** The terms with the members that the change names; of hours and give_back each member by itself. */
export function changedTerms(code: CodeTerms, change: WireChange): CodeTerms {
  const { active_hours: activeHours, give_back: giveBack, ...named } = change;
  const wire = termsView(code);
  return termsOf({
    ...wire,
    ...withoutUndefined(named),
    active_hours: { ...wire.active_hours, ...withoutUndefined(activeHours ?? {}) },
    give_back: { ...wire.give_back, ...withoutUndefined(giveBack ?? {}) },
  } as WireTerms);
}

/** A code as admins see it at `now`. */
export function codeView(code: PromoCode, now: Temporal.Instant): CodeView {
  const { open, nextOpensAt, closesAt } = availabilityAt(hoursOf(code.activeHours, code.days), code, now);
  const { maxUses, budgetMinor } = code;
  return {
    ...exportedView(code),
    remaining: maxUses === null ? null : maxUses - code.used - code.held,
    remaining_minor: budgetMinor === null ? null : budgetMinor - code.givenMinor - code.heldMinor,
    as_of: now.toString(),
    open,
    next_opens_at: textOf(nextOpensAt),
    closes_at: textOf(closesAt),
  };
}

/** A code as an export has it. */
export function exportedView(code: PromoCode): z.output<typeof exportedCode> {
  return {
    code_id: code.id,
    code: code.code,
    batch_id: code.batchId,
    ...termsView(code),
    status: code.status,
    auto_deactivated_at: textOf(code.autoDeactivatedAt),
    usage_count: code.used,
    held_count: code.held,
    given_minor: code.givenMinor,
    held_minor: code.heldMinor,
    version: code.version,
    first_used_at: textOf(code.firstUsedAt),
    created_at: code.createdAt.toString(),
    created_by: code.createdBy,
    updated_at: code.updatedAt.toString(),
  };
}

/** The members that differ between two versions of a code, for the audit trail. */
export function differences(before: PromoCode, after: PromoCode) {
  const was: Record<string, unknown> = auditView(before);
  const is: Record<string, unknown> = auditView(after);
  const changed = Object.keys(was).filter((name) => canonicalJson(was[name]) !== canonicalJson(is[name]));
  const only = (view: Record<string, unknown>) => Object.fromEntries(changed.map((name) => [name, view[name]]));
  return { before: only(was), after: only(is) };
}

export function openingView({ day, clockChange, seconds, intervals }: Opening): z.output<typeof codeOpening> {
  return {
    day: day.toString(),
    clock_change: clockChange,
    seconds,
    intervals: intervals.map(({ opensAt, closesAt }) => ({
      opens_at: opensAt.toString(),
      closes_at: closesAt.toString(),
    })),
  };
}

function auditView(code: PromoCode) {
  return { ...termsView(code), status: code.status, auto_deactivated_at: textOf(code.autoDeactivatedAt) };
}

function termsView(terms: CodeTerms) {
  return {
    title: terms.title,
    owner_id: terms.ownerId,
    kind: terms.kind,
    percent_bp: terms.percentBp,
    amount_minor: terms.amountMinor,
    cap_minor: terms.capMinor,
    minimum_minor: terms.minimumMinor,
    currency: terms.currency,
    valid_from: textOf(terms.validFrom),
    valid_until: textOf(terms.validUntil),
    active_hours: { ...terms.activeHours },
    days: terms.days && [...terms.days],
    max_uses: terms.maxUses,
    max_uses_per_person: terms.maxUsesPerPerson,
    max_uses_per_offer: terms.maxUsesPerOffer,
    budget_minor: terms.budgetMinor,
    offers_rule: terms.offersRule,
    offers: [...terms.offers],
    audience: terms.audience,
    stacking: terms.stacking,
    precedence: terms.precedence,
    auto_deactivate_on_max_uses: terms.autoDeactivateOnMaxUses,
    counts_on: terms.countsOn,
    hold_hours: terms.holdHours,
    hold_past_validity: terms.holdPastValidity,
    give_back: { ...terms.giveBack },
  };
}

function withoutUndefined<Members extends object>(members: Members): Partial<Members> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<Members>;
}

/** An instant as it was sent. */
export function instantOf(text: string | null): Temporal.Instant | null {
  return text === null ? null : Temporal.Instant.from(text);
}

function textOf(instant: Temporal.Instant | null): string | null {
  return instant?.toString() ?? null;
}

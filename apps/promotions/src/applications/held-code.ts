import type { ResponseOf } from '#contracts/contract.js';
import type { applyCode } from '#contracts/promo-applications.js';
import { hoursOf } from '../codes/domain/active-hours.js';
import { availabilityAt } from '../codes/domain/availability.js';
import { judge, type Terms } from '../uses/terms.js';

export type HeldCodeView = ResponseOf<typeof applyCode>;

/** A bonus code as it stands with one person. */
export interface HeldCode {
  readonly terms: Terms;
  readonly title: string;
  /** Null while it is only there for them to take. */
  readonly appliedAt: Temporal.Instant | null;
  readonly state: HeldCodeView['state'];
  readonly uses: number;
  readonly isListed: boolean;
  readonly isNew: boolean;
}

/** How it looks to them now. What is taken stands on the hours in which it was taken; what is not has to meet them. */
export function heldCodeView(
  held: HeldCode,
  offerNames: ReadonlyMap<string, string>,
  now: Temporal.Instant,
): HeldCodeView {
  const { terms, title, appliedAt, state, uses, isListed, isNew } = held;
  const { objection } = judge(terms, {
    moment: state === 'applied' ? 'convert' : 'apply',
    at: now,
    offerId: null,
    amountMinor: null,
    currency: null,
    isListed,
    isNew,
    hasSlot: state === 'applied' && terms.countsOn === 'apply',
  });
  const { nextOpensAt, closesAt } = availabilityAt(hoursOf(terms.activeHours, terms.days), terms, now);
  return {
    code_id: terms.id,
    code: terms.code,
    title,
    percent_bp: terms.percentBp,
    amount_minor: terms.amountMinor,
    cap_minor: terms.capMinor,
    minimum_minor: terms.minimumMinor,
    currency: terms.currency,
    counts_on: terms.countsOn,
    applied_at: appliedAt?.toString() ?? null,
    state,
    usable: objection === null,
    refusal: (objection?.code ?? null) as HeldCodeView['refusal'],
    active_hours: { ...terms.activeHours },
    days: terms.days && [...terms.days],
    next_opens_at: nextOpensAt?.toString() ?? null,
    closes_at: closesAt?.toString() ?? null,
    valid_from: terms.validFrom?.toString() ?? null,
    valid_until: terms.validUntil?.toString() ?? null,
    offers_rule: terms.offersRule,
    offers: terms.offers.map((id) => ({ offer_id: id, name: offerNames.get(id) ?? null })),
    uses,
  };
}

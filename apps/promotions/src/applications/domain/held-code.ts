import type { ResponseOf } from '#contracts/contract.js';
import type { applyCode } from '#contracts/promotions/promo-applications.js';
import { hoursOf } from '../../codes/domain/active-hours.js';
import { availabilityAt } from '../../codes/domain/availability.js';
import { type CodeRules, evaluateRules } from '../../redemptions/domain/code-rules.js';

export type HeldCodeView = ResponseOf<typeof applyCode>;

/** A bonus code as it stands with one person. */
export interface HeldCode {
  readonly rules: CodeRules;
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
  const { rules, title, appliedAt, state, uses, isListed, isNew } = held;
  const { ineligibility } = evaluateRules(rules, {
    stage: state === 'applied' ? 'convert' : 'apply',
    at: now,
    offerId: null,
    amountMinor: null,
    currency: null,
    isListed,
    isNew,
    hasSlot: state === 'applied' && rules.countsOn === 'apply',
  });
  const { nextOpensAt, closesAt } = availabilityAt(hoursOf(rules.activeHours, rules.days), rules, now);
  return {
    code_id: rules.id,
    code: rules.code,
    title,
    percent_bp: rules.percentBp,
    amount_minor: rules.amountMinor,
    cap_minor: rules.capMinor,
    minimum_minor: rules.minimumMinor,
    currency: rules.currency,
    counts_on: rules.countsOn,
    applied_at: appliedAt?.toString() ?? null,
    state,
    usable: ineligibility === null,
    refusal: (ineligibility?.code ?? null) as HeldCodeView['refusal'],
    active_hours: { ...rules.activeHours },
    days: rules.days && [...rules.days],
    next_opens_at: nextOpensAt?.toString() ?? null,
    closes_at: closesAt?.toString() ?? null,
    valid_from: rules.validFrom?.toString() ?? null,
    valid_until: rules.validUntil?.toString() ?? null,
    offers_rule: rules.offersRule,
    offers: rules.offers.map((id) => ({ offer_id: id, name: offerNames.get(id) ?? null })),
    uses,
  };
}

import { decideHours, type HoursDecision, hoursOf } from '../../codes/domain/active-hours.js';
import { leastToShare } from '../../codes/domain/benefit.js';
import type { CodeTerms, PromoCode } from '../../codes/domain/code.js';
import { nextOpening } from '../../codes/domain/openings.js';

/** What of a code decides about a use of it. Counters are not among it: they decide under the code's lock. */
export interface CodeRules
  extends Omit<CodeTerms, 'title' | 'autoDeactivateOnMaxUses' | 'giveBack'>,
    Pick<PromoCode, 'id' | 'code' | 'status' | 'autoDeactivatedAt'> {
  /** Rises with each edit: a decision by these rules holds only while it is the same. */
  readonly version: number;
}

/**
 * The moments at which a code is asked for something. `hold`: discounts for an order about to be opened. `apply`: a
 * bonus code is taken. `convert`: a bonus is earned. `look`: nothing happens, whatever the kind.
 */
export type Stage = 'hold' | 'apply' | 'convert' | 'look';

/** What a decision is about, apart from the code. */
export interface RuleInput {
  readonly stage: Stage;
  /** When it happens: the instant that validity and hours are decided by. */
  readonly at: Temporal.Instant;
  /** Null where a bonus code is taken without an offer in mind. */
  readonly offerId: string | null;
  /** The price before discounts, or what the offer pays; null where none is named. */
  readonly amountMinor: number | null;
  readonly currency: string | null;
  /** Whether the person is among those whom the code lists. */
  readonly isListed: boolean;
  /** Whether the person has not closed an order yet. */
  readonly isNew: boolean;
  /** Whether a slot is kept for the person since they took the code. */
  readonly hasSlot: boolean;
}

/** One rule that was asked, what it saw, and whether it let the use pass. */
interface RuleResult {
  readonly rule: string;
  readonly ok: boolean;
  readonly saw: string;
}

/** Why not: a code of the contract, and events for whoever may know them. */
export interface IneligibilityReason {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What the rules say. A use that they allow may still meet a limit. */
export interface RulesEvaluation {
  readonly ineligibility: IneligibilityReason | null;
  readonly trace: readonly RuleResult[];
  readonly hours: HoursDecision;
}

type RuleOutcome = readonly [saw: string, ineligibility?: IneligibilityReason];
type Rule = (rules: CodeRules, circumstances: RuleInput, hours: HoursDecision) => RuleOutcome;

const ruleChecks = {
  kind: ({ kind }, { stage }) =>
    stage === 'look' || (kind === 'discount') === (stage === 'hold')
      ? [kind]
      : [kind, ineligible('PROMO_CODE_WRONG_KIND', { kind })],

  status: ({ status, autoDeactivatedAt, maxUses }, { stage, hasSlot }) => {
    if (status === 'active') return [status];
    // Whoever was promised a slot has it. Should it be gone after all, the counters ask for the status once more.
    if (hasSlot) return [`${status}, but a slot is kept`];
    if (status !== 'expired') return [status, ineligible('PROMO_CODE_NOT_ACTIVE', { status })];
    if (autoDeactivatedAt) return ['used up', ineligible('PROMO_CODE_USED_UP', { max_uses: maxUses })];
    // Tidied after its time. The validity decides about what happened before.
    return stage === 'convert' ? [status] : [status, ineligible('PROMO_CODE_EXPIRED', {})];
  },

  validity: ({ validFrom, validUntil }, { at }) => {
    const saw = `${validFrom ?? 'ever'} to ${validUntil ?? 'ever'}`;
    if (validFrom && Temporal.Instant.compare(at, validFrom) < 0) {
      return [saw, ineligible('PROMO_CODE_NOT_STARTED', { valid_from: validFrom.toString() })];
    }
    if (validUntil && Temporal.Instant.compare(at, validUntil) >= 0) {
      return [saw, ineligible('PROMO_CODE_EXPIRED', { valid_until: validUntil.toString() })];
    }
    return [saw];
  },

  hours: (rules, { at }, { open, localTime, timezone }) => {
    const { activeHours: hours, days } = rules;
    const times = hours.enabled ? `${hours.start_time}–${hours.end_time}` : 'all day';
    const saw = `${times}${days ? ` on days ${days.join(', ')}` : ''}; it is ${localTime} in ${timezone}`;
    if (open) return [saw];
    const opens = nextOpening(hoursOf(hours, days), at);
    const details = { local_time: localTime, timezone, next_opens_at: opens?.toString() ?? null };
    return [saw, ineligible('PROMO_CODE_OUTSIDE_HOURS', details)];
  },

  audience: ({ audience }, { isListed, isNew }) =>
    audience === 'everyone' || (audience === 'listed' ? isListed : isNew)
      ? [audience]
      : [audience, ineligible('PROMO_CODE_WRONG_AUDIENCE', { audience })],

  offer: ({ offersRule, offers }, { offerId }) => {
    const saw = `${offersRule.replace('_', ' ')}${offersRule === 'all' ? '' : ` of ${offers.length}`}`;
    // Without an offer in mind nothing is decided about offers.
    const fits = offersRule === 'all' || offerId === null || offers.includes(offerId) === (offersRule === 'some');
    return fits ? [saw] : [saw, ineligible('PROMO_CODE_WRONG_OFFER', { offer_id: offerId })];
  },

  currency: ({ currency }, { currency: rulesOf }) =>
    currency === null || rulesOf === null || currency === rulesOf
      ? [currency ?? 'any']
      : [currency, ineligible('PROMO_CODE_WRONG_CURRENCY', { currency })],

  minimum: (rules, { amountMinor }) => {
    const leastMinor = leastOf(rules);
    return leastMinor === null || amountMinor === null || amountMinor >= leastMinor
      ? [String(leastMinor ?? 'none')]
      : [String(leastMinor), ineligible('PROMO_CODE_BELOW_MINIMUM', { minimum_minor: leastMinor })];
  },
} satisfies Record<string, Rule>;

type RuleName = keyof typeof ruleChecks;

const all = Object.keys(ruleChecks) as RuleName[];

/** Hours and audience are decided when a code is held or taken; what it is used for later stands on that decision. */
const asked: Record<Stage, readonly RuleName[]> = {
  hold: all,
  apply: all,
  look: all,
  convert: all.filter((rule) => rule !== 'hours' && rule !== 'audience'),
};

/** Asks the rules one after the other, up to the first that objects. */
export function evaluateRules(rules: CodeRules, circumstances: RuleInput): RulesEvaluation {
  const hours = decideHours(hoursOf(rules.activeHours, rules.days), circumstances.at);
  const trace: RuleResult[] = [];
  for (const rule of asked[circumstances.stage]) {
    const [saw, ineligibility] = (ruleChecks[rule] as Rule)(rules, circumstances, hours);
    trace.push({ rule, ok: !ineligibility, saw });
    if (ineligibility) return { ineligibility, trace, hours };
  }
  return { ineligibility: null, trace, hours };
}

/** What would take or give nothing is not used up: a share of too little, and a discount from no price. */
function leastOf({ kind, percentBp, minimumMinor }: CodeRules): number | null {
  if (percentBp !== null) return Math.max(minimumMinor ?? 0, leastToShare(percentBp));
  return kind === 'discount' ? Math.max(minimumMinor ?? 0, 1) : minimumMinor;
}

function ineligible(code: string, details: IneligibilityReason['details']): IneligibilityReason {
  return { code, details };
}

import { decideHours, type HoursDecision, hoursOf } from '../../codes/domain/active-hours.js';
import { leastToShare } from '../../codes/domain/benefit.js';
import type { CodeTerms, PromoCode } from '../../codes/domain/code.js';
import { nextOpening } from '../../codes/domain/openings.js';

/** The part of a code that the rules evaluate. Counters are not part of it: they decide under the lock of the code. */
export interface CodeRules
  extends Omit<CodeTerms, 'title' | 'autoDeactivateOnMaxUses' | 'giveBack'>,
    Pick<PromoCode, 'id' | 'code' | 'status' | 'autoDeactivatedAt'> {
  /** Rises with each edit. The database refuses a decision that was made with an older version. */
  readonly version: number;
}

/**
 * The stages at which a code is evaluated. `hold`: a discount for an order that is about to be opened. `apply`: a
 * person applies a bonus code. `convert`: a conversion earns a bonus. `look`: nothing is taken, for both kinds.
 */
export type Stage = 'hold' | 'apply' | 'convert' | 'look';

/** The input of the rules, apart from the code. */
export interface RuleInput {
  readonly stage: Stage;
  /** The instant that validity and hours are evaluated for. */
  readonly at: Temporal.Instant;
  /** Null where a person applies a bonus code: it is not for one offer yet. */
  readonly offerId: string | null;
  /** The price before discounts or the payout of the offer, in minor units; null where none is given. */
  readonly amountMinor: number | null;
  readonly currency: string | null;
  /** Whether the code lists the person. */
  readonly isListed: boolean;
  /** Whether the person has no closed order yet. */
  readonly isNew: boolean;
  /** Whether the person has a hold since the code was applied. */
  readonly hasSlot: boolean;
}

/** One evaluated rule: the value that it compared, and whether it passed. */
export interface RuleResult {
  readonly rule: string;
  readonly ok: boolean;
  readonly saw: string;
}

/** Why a code is refused: a reason code of the contract, and details that only holders of the code receive. */
export interface IneligibilityReason {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The result of the rules. Counters may still refuse a request that the rules allow. */
export interface RulesEvaluation {
  readonly ineligibility: IneligibilityReason | null;
  readonly trace: readonly RuleResult[];
  readonly hours: HoursDecision;
}

type RuleOutcome = readonly [saw: string, ineligibility?: IneligibilityReason];
type Rule = (rules: CodeRules, input: RuleInput, hours: HoursDecision) => RuleOutcome;

const ruleChecks = {
  kind: ({ kind }, { stage }) =>
    stage === 'look' || (kind === 'discount') === (stage === 'hold')
      ? [kind]
      : [kind, ineligible('PROMO_CODE_WRONG_KIND', { kind })],

  status: ({ status, autoDeactivatedAt, maxUses }, { stage, hasSlot }) => {
    if (status === 'active') return [status];
    // A hold is honoured in each status. If the hold has ended, the database checks the status again.
    if (hasSlot) return [`${status}, but a slot is kept`];
    if (status !== 'expired') return [status, ineligible('PROMO_CODE_NOT_ACTIVE', { status })];
    if (autoDeactivatedAt) return ['used up', ineligible('PROMO_CODE_USED_UP', { max_uses: maxUses })];
    // A sweep expired the code. The validity decides about conversions that happened before.
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
    const nextOpensAt = opens?.toString() ?? null;
    return [
      saw,
      ineligible('PROMO_CODE_OUTSIDE_HOURS', { local_time: localTime, timezone, next_opens_at: nextOpensAt }),
    ];
  },

  audience: ({ audience }, { isListed, isNew }) =>
    audience === 'everyone' || (audience === 'listed' ? isListed : isNew)
      ? [audience]
      : [audience, ineligible('PROMO_CODE_WRONG_AUDIENCE', { audience })],

  offer: ({ offersRule, offers }, { offerId }) => {
    const saw = `${offersRule.replace('_', ' ')}${offersRule === 'all' ? '' : ` of ${offers.length}`}`;
    // Without an offer the rule passes.
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

/** Hours and audience are checked when a code is held or applied; a later conversion relies on that check. */
const asked: Record<Stage, readonly RuleName[]> = {
  hold: all,
  apply: all,
  look: all,
  convert: all.filter((rule) => rule !== 'hours' && rule !== 'audience'),
};

/** The rules of a stage, in the order in which they are evaluated. */
export function rulesOf(stage: Stage): readonly string[] {
  return asked[stage];
}

/** Evaluates every rule of the stage, also those after one that fails. Pure. */
export function evaluateEveryRule(
  rules: CodeRules,
  input: RuleInput,
): (RuleResult & Pick<RulesEvaluation, 'ineligibility'>)[] {
  const hours = decideHours(hoursOf(rules.activeHours, rules.days), input.at);
  return asked[input.stage].map((rule) => {
    const [saw, ineligibility = null] = (ruleChecks[rule] as Rule)(rules, input, hours);
    return { rule, ok: !ineligibility, saw, ineligibility };
  });
}

/** Evaluates the rules one after the other, up to the first that fails. Pure. */
export function evaluateRules(rules: CodeRules, input: RuleInput): RulesEvaluation {
  const hours = decideHours(hoursOf(rules.activeHours, rules.days), input.at);
  const trace: RuleResult[] = [];
  for (const rule of asked[input.stage]) {
    const [saw, ineligibility] = (ruleChecks[rule] as Rule)(rules, input, hours);
    trace.push({ rule, ok: !ineligibility, saw });
    if (ineligibility) return { ineligibility, trace, hours };
  }
  return { ineligibility: null, trace, hours };
}

/** The least amount with a benefit above zero: a code whose benefit rounds to zero is refused instead of redeemed. */
function leastOf({ kind, percentBp, minimumMinor }: CodeRules): number | null {
  if (percentBp !== null) return Math.max(minimumMinor ?? 0, leastToShare(percentBp));
  return kind === 'discount' ? Math.max(minimumMinor ?? 0, 1) : minimumMinor;
}

/**
 * Until when an unpaid order may hold a code that it holds from `now` on: for the hold time of the code, and no longer
 * than the code is valid, unless it says so. Null where the code leaves it to the class.
 */
export function holdEnd(
  { holdHours, holdPastValidity, validUntil }: CodeRules,
  now: Temporal.Instant,
): Temporal.Instant | null {
  const ends = [
    ...(holdHours === null ? [] : [now.add({ hours: holdHours })]),
    ...(holdPastValidity || validUntil === null ? [] : [validUntil]),
  ];
  return earliest(ends);
}

/** The earliest of these instants; null when there is none. */
export function earliest(instants: readonly Temporal.Instant[]): Temporal.Instant | null {
  const [first] = instants.toSorted(Temporal.Instant.compare);
  return first ?? null;
}

function ineligible(code: string, details: IneligibilityReason['details']): IneligibilityReason {
  return { code, details };
}

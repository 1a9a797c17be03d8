import { foldCode } from '#contracts/promotions/fold-code.js';
import type { Cause } from '#messaging/envelope.js';
import { type Benefit, benefitOf, inPrecedence, stackDiscounts } from '../../codes/domain/benefit.js';
import {
  type CodeRules,
  evaluateRules,
  type IneligibilityReason,
  type RulesEvaluation,
  type Stage,
} from './code-rules.js';

/** A code by its id, or as a person typed it. */
export type CodeName = { readonly id: string } | { readonly written: string };

/** A request for the redemption of one code, or of several together: all of them or none. */
export interface RedemptionRequest {
  /**
   * `hold` holds the codes until `lapsesAt`; `apply` holds a code that counts on apply until its conversion; `convert`
   * redeems at once.
   */
  readonly stage: Stage;
  readonly codes: readonly CodeName[];
  readonly personId: string;
  /** Set for nobody in particular, whose audience is not checked: nothing is taken. `personId` is that of no person. */
  readonly forNobody?: boolean;
  readonly offerId: string | null;
  /** The price before discounts or the payout of the offer, in minor units. */
  readonly amountMinor: number | null;
  readonly currency: string | null;
  /** The idempotency key, with `conversionId`: an order or a conversion has one redemption of a code. */
  readonly orderId?: string | null;
  readonly conversionId?: string | null;
  /** The outside system that the id of the conversion belongs to, if any. */
  readonly sender?: string | null;
  /** When the conversion happened; now at the other stages. */
  readonly at?: Temporal.Instant;
  /** The hold since the person applied the code: it is redeemed, once, instead of taking another slot. */
  readonly redeemsHold?: string | null;
  readonly lapsesAt?: Temporal.Instant | null;
  readonly revenueMinor?: number;
  /** The time it counts on in analytics, where that is not now. */
  readonly appliedAt?: Temporal.Instant | null;
  readonly cause?: Cause | null;
  /** A reason that refuses the request in advance: it is made only for its receipt. */
  readonly ineligibility?: IneligibilityReason;
}

/** The codes and the data about persons that the rules read. */
export interface EvaluationContext {
  /** By folded code and by id. */
  readonly codes: ReadonlyMap<string, CodeRules>;
  /** `code person`, where the code lists the person. */
  readonly listed: ReadonlySet<string>;
  /** Persons who have closed an order. */
  readonly withClosedOrder: ReadonlySet<string>;
}

/** One code of a request: the result of the rules, and its benefit. */
export interface EvaluatedCode {
  /** Null when there is no such code. */
  readonly rules: CodeRules | null;
  readonly written: string;
  readonly evaluation: RulesEvaluation | null;
  readonly ineligibility: IneligibilityReason | null;
  readonly benefit: Benefit;
  /** The currency of the benefit. */
  readonly currency: string | null;
}

const noBenefit: Benefit = { benefitMinor: 0, explanation: '' };

/** Takes the place of a code that does not exist, so that the same statements run. */
export const missingCodeId = '00000000-0000-0000-0000-000000000000';

/** Takes the place of the person where there is none. */
export const missingPersonId = missingCodeId;

/** No data about persons: for stages at which no rule reads them. */
export const noPersons: Pick<EvaluationContext, 'listed' | 'withClosedOrder'> = {
  listed: new Set(),
  withClosedOrder: new Set(),
};

/** The rules of a named code; null when there is no such code. */
export function rulesNamed(name: CodeName, { codes }: Pick<EvaluationContext, 'codes'>): CodeRules | null {
  return codes.get('id' in name ? name.id : foldCode(name.written)) ?? null;
}

/**
 * Evaluates the rules of each code of a request, and of all codes together. Eligible codes are returned in the order in
 * which they apply, each with its benefit; otherwise all codes are returned in the order of the request. Pure.
 */
export function evaluateRequest(
  request: RedemptionRequest,
  context: EvaluationContext,
  now: Temporal.Instant,
): EvaluatedCode[] {
  const evaluated = checkCombination(request.codes.map((name) => evaluateCode(request, name, context, now)));
  if (isIneligible(evaluated)) return evaluated;
  const inOrder = inPrecedence(evaluated.map(({ rules }) => rules as CodeRules));
  const benefits = benefitsOf(request, inOrder);
  return inOrder.map((rules, index): EvaluatedCode => {
    const one = evaluated.find((candidate) => candidate.rules === rules) as EvaluatedCode;
    const benefit = benefits[index];
    if (!benefit)
      return { ...one, ineligibility: notCombinable({ left_minor: leftOf(request, benefits.slice(0, index)) }) };
    return { ...one, benefit, currency: rules.percentBp === null ? rules.currency : request.currency };
  });
}

/** Whether a rule refuses one of the codes. */
export function isIneligible(evaluated: readonly EvaluatedCode[]): boolean {
  return evaluated.some(({ ineligibility }) => ineligibility !== null);
}

function evaluateCode(
  request: RedemptionRequest,
  name: CodeName,
  context: EvaluationContext,
  now: Temporal.Instant,
): EvaluatedCode {
  const written = 'written' in name ? name.written : name.id;
  const rules = rulesNamed(name, context);
  const none = { benefit: noBenefit, currency: request.currency };
  if (!rules) {
    return { rules, written, evaluation: null, ineligibility: { code: 'PROMO_CODE_UNKNOWN', details: {} }, ...none };
  }
  const { stage, offerId, amountMinor, currency, personId, at = now } = request;
  const evaluation = evaluateRules(rules, {
    stage,
    at,
    offerId,
    amountMinor,
    currency,
    isListed: request.forNobody === true || context.listed.has(`${rules.id} ${personId}`),
    isNew: request.forNobody === true || !context.withClosedOrder.has(personId),
    hasSlot: typeof request.redeemsHold === 'string',
  });
  const { ineligibility } = request;
  if (!ineligibility) return { rules, written, evaluation, ineligibility: evaluation.ineligibility, ...none };
  const saw = Object.values(ineligibility.details).join(', ');
  return {
    rules,
    written,
    evaluation: { ...evaluation, trace: [{ rule: 'others', ok: false, saw }] },
    ineligibility,
    ...none,
  };
}

/** An exclusive code cannot be combined, and neither can a bonus code nor a code with itself. */
function checkCombination(evaluated: readonly EvaluatedCode[]): EvaluatedCode[] {
  if (evaluated.length === 1) return [...evaluated];
  const ids = new Set<string>();
  return evaluated.map((one) => {
    const { rules, ineligibility } = one;
    if (!rules || ineligibility) return one;
    const isRepeat = ids.has(rules.id);
    ids.add(rules.id);
    if (rules.stacking === 'combinable' && rules.kind === 'discount' && !isRepeat) return one;
    return { ...one, ineligibility: notCombinable({ stacking: rules.stacking }) };
  });
}

function benefitsOf(
  { stage, amountMinor, currency }: RedemptionRequest,
  inOrder: readonly CodeRules[],
): (Benefit | null)[] {
  if (stage === 'apply' || amountMinor === null || currency === null) return inOrder.map(() => noBenefit);
  const [first] = inOrder;
  if (first?.kind === 'bonus') return [benefitOf(first, amountMinor, currency)];
  return stackDiscounts(inOrder, amountMinor, currency);
}

function leftOf({ amountMinor }: RedemptionRequest, benefits: readonly (Benefit | null)[]): number {
  return benefits.reduce((left, benefit) => left - (benefit?.benefitMinor ?? 0), amountMinor ?? 0);
}

/** The reason for codes that cannot be used together. */
export function notCombinable(details: IneligibilityReason['details']): IneligibilityReason {
  return { code: 'PROMO_CODE_NOT_COMBINABLE', details };
}

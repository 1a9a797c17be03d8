import { foldCode } from '#contracts/fold-code.js';
import type { Cause } from '#messaging/envelope.js';
import { type Benefit, benefitOf, inPrecedence, stackDiscounts } from '../../codes/domain/benefit.js';
import {
  type CodeRules,
  evaluateRules,
  type IneligibilityReason,
  type RulesEvaluation,
  type Stage,
} from './code-rules.js';

/** By its id, or as somebody writes it. */
export type CodeName = { readonly id: string } | { readonly written: string };

/** Somebody asks for a use of a code, or of several together: all of them or none. */
export interface RedemptionRequest {
  /**
   * What is asked for is held from `hold` on until `lapsesAt`, from `apply` on until it is taken where the code counts
   * on that, and redeemed at once on `convert`.
   */
  readonly stage: Stage;
  readonly codes: readonly CodeName[];
  readonly personId: string;
  readonly offerId: string | null;
  /** The price before discounts, or what the offer pays. */
  readonly amountMinor: number | null;
  readonly currency: string | null;
  /** What makes a repeat one: an order or a conversion has one use of a code. */
  readonly orderId?: string | null;
  readonly conversionId?: string | null;
  /** When a conversion happened; everything else happens now. */
  readonly at?: Temporal.Instant;
  /** The slot that was held when the person took the code: it is redeemed, once, in place of another one. */
  readonly redeemsHold?: string | null;
  readonly lapsesAt?: Temporal.Instant | null;
  readonly revenueMinor?: number;
  /** What day it counts on, where that is not today. */
  readonly appliedAt?: Temporal.Instant | null;
  readonly cause?: Cause | null;
  /** Why it is refused whatever the rules say: it is asked for its receipt alone. */
  readonly ineligibility?: IneligibilityReason;
}

/** What is known of the codes and persons that are asked about. */
export interface EvaluationContext {
  /** By folded code and by id. */
  readonly codes: ReadonlyMap<string, CodeRules>;
  /** `code person`, where the code lists the person. */
  readonly listed: ReadonlySet<string>;
  /** Persons who have closed an order. */
  readonly withClosedOrder: ReadonlySet<string>;
}

/** One code of an ask: what the rules say, and what it would give. */
export interface EvaluatedCode {
  /** Null when there is no such code. */
  readonly rules: CodeRules | null;
  readonly written: string;
  readonly evaluation: RulesEvaluation | null;
  readonly ineligibility: IneligibilityReason | null;
  readonly benefit: Benefit;
  /** Of the benefit. */
  readonly currency: string | null;
}

const noBenefit: Benefit = { benefitMinor: 0, explanation: '' };

/** Stands for codes that do not exist where they are looked for all the same, so that the time does not tell. */
export const missingCodeId = '00000000-0000-0000-0000-000000000000';

/** Of persons nothing is known: for decisions in which no rule asks about them. */
export const noPersons: Pick<EvaluationContext, 'listed' | 'withClosedOrder'> = {
  listed: new Set(),
  withClosedOrder: new Set(),
};

/** The rules of the code that is named; null when there is no such code. */
export function rulesNamed(name: CodeName, { codes }: Pick<EvaluationContext, 'codes'>): CodeRules | null {
  return codes.get('id' in name ? name.id : foldCode(name.written)) ?? null;
}

/**
 * Asks the rules of every code of an ask, and of all of them together. When nothing objects they come in the order in
 * which they apply, each with what it gives; else as they were named.
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
    isListed: context.listed.has(`${rules.id} ${personId}`),
    isNew: !context.withClosedOrder.has(personId),
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

/** Exclusive codes stand alone, bonuses come one by one, and no code stands beside itself. */
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

export function notCombinable(details: IneligibilityReason['details']): IneligibilityReason {
  return { code: 'PROMO_CODE_NOT_COMBINABLE', details };
}

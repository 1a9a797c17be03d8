import { type RuleResult, rulesOf, type Stage } from '../../redemptions/domain/code-rules.js';
import type { LimitReason, ReceiptStage } from '../../redemptions/domain/redemption.js';

/** One rule or limit of a decision. A decision evaluates them in order, up to the first that fails. */
export interface DecisionStep {
  readonly rule: string;
  readonly result: 'passed' | 'failed' | 'not_evaluated';
  /** The value that the rule compared; null where none was recorded. */
  readonly saw: string | null;
}

/** The data of a receipt that its steps follow from. */
export interface DecidedReceipt {
  readonly stage: ReceiptStage;
  readonly allowed: boolean;
  readonly reason: string | null;
  readonly trace: readonly RuleResult[];
  readonly usedBefore: number | null;
  readonly heldBefore: number | null;
  readonly givenBefore: number | null;
  readonly personBefore: number | null;
  readonly offerBefore: number | null;
}

/** The limits, in the order of limit-reached.sql, with the reason of each. */
export const limitSteps = {
  uses: 'PROMO_CODE_USED_UP',
  person_uses: 'PROMO_CODE_PERSON_LIMIT',
  new_person_uses: 'PROMO_CODE_NEW_PERSON_LIMIT',
  offer_uses: 'PROMO_CODE_OFFER_LIMIT',
  budget: 'PROMO_CODE_BUDGET_SPENT',
} as const satisfies Record<string, LimitReason>;

export type LimitName = keyof typeof limitSteps;

/** Reasons that concern all codes of a request together. */
const ofTogether: Readonly<Record<string, string>> = {
  PROMO_CODE_NOT_COMBINABLE: 'the codes of the request cannot be combined',
  WITH_ANOTHER: 'another code of the request was refused',
};

/** Whether a step is a limit of the code, not a rule. */
export function isLimit({ rule }: Pick<DecisionStep, 'rule'>): boolean {
  return rule in limitSteps;
}

/** Every rule and limit of a decision in order, also those after the refusal. Pure. */
export function stepsOf(receipt: DecidedReceipt): DecisionStep[] {
  const { stage, reason, trace } = receipt;
  const evaluated = trace.map(stepOf);
  if (stage === 'reverse') return evaluated;
  const unknown: DecisionStep[] =
    reason === 'PROMO_CODE_UNKNOWN' ? [{ rule: 'exists', result: 'failed', saw: 'no code has this text' }] : [];
  const together = reason === null ? undefined : ofTogether[reason];
  return [
    ...unknown,
    ...rulesIn(stage, evaluated),
    ...(together && !evaluated.some(({ result }) => result === 'failed')
      ? [{ rule: 'together', result: 'failed', saw: together } as const]
      : []),
    ...limitsOf(receipt),
  ];
}

/** The rules of the stage; then rules that only this decision had. */
function rulesIn(stage: Stage, evaluated: readonly DecisionStep[]): DecisionStep[] {
  const rules = rulesOf(stage);
  const inOrder = rules.map(
    (rule): DecisionStep =>
      evaluated.find((step) => step.rule === rule) ?? { rule, result: 'not_evaluated', saw: null },
  );
  return [...inOrder, ...evaluated.filter(({ rule }) => !rules.includes(rule))];
}

function limitsOf(receipt: DecidedReceipt): DecisionStep[] {
  const { allowed, reason } = receipt;
  const names = Object.keys(limitSteps) as LimitName[];
  const failed = names.findIndex((name) => limitSteps[name] === reason);
  return names.map((rule, index): DecisionStep => {
    const saw = sawOf(rule, receipt);
    if (allowed || index < failed) return { rule, result: 'passed', saw };
    return index === failed ? { rule, result: 'failed', saw } : { rule, result: 'not_evaluated', saw: null };
  });
}

function sawOf(rule: LimitName, receipt: DecidedReceipt): string | null {
  const { usedBefore, heldBefore, givenBefore, personBefore, offerBefore } = receipt;
  switch (rule) {
    case 'uses':
      return usedBefore === null ? null : `${usedBefore} used and ${heldBefore ?? 0} held before`;
    case 'person_uses':
      return personBefore === null ? null : `${personBefore} of the person before`;
    case 'offer_uses':
      return offerBefore === null ? null : `${offerBefore} of the offer before`;
    case 'budget':
      return givenBefore === null ? null : `${givenBefore} minor units given and held before`;
    case 'new_person_uses':
      return null;
  }
}

function stepOf({ rule, ok, saw }: RuleResult): DecisionStep {
  return { rule, result: ok ? 'passed' : 'failed', saw };
}

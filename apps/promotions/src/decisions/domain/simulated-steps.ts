import type { CodeRules, evaluateEveryRule } from '../../redemptions/domain/code-rules.js';
import { type DecisionStep, isLimit, type LimitName, limitSteps } from './decision-steps.js';

/** The counters of a code, and the limits that one more redemption would exceed. */
interface Limits {
  readonly used: number;
  readonly held: number;
  readonly givenMinor: number;
  readonly personUses: number;
  readonly newPersonUses: number;
  readonly offerUses: number;
  readonly usesReached: boolean;
  readonly personReached: boolean;
  readonly newPersonReached: boolean;
  readonly offerReached: boolean;
  readonly budgetReached: boolean;
}

type EvaluatedRules = ReturnType<typeof evaluateEveryRule>;

/** Every rule and limit with its result, also those after the first that fails. Pure. */
export function simulatedSteps(evaluated: EvaluatedRules, limits: Limits, rules: CodeRules): DecisionStep[] {
  const passed = evaluated.map(({ rule, ok, saw }) => stepOf(rule, !ok, saw));
  const uses = `${limits.used} used and ${limits.held} held, ${atMost(rules.maxUses)}`;
  const newPersons = rules.audience === 'new_persons' ? `${limits.newPersonUses}, at most 1` : 'not for new persons';
  return [
    ...passed,
    stepOf('uses', limits.usesReached, uses),
    stepOf('person_uses', limits.personReached, `${limits.personUses}, ${atMost(rules.maxUsesPerPerson)}`),
    stepOf('new_person_uses', limits.newPersonReached, newPersons),
    stepOf('offer_uses', limits.offerReached, `${limits.offerUses}, ${atMost(rules.maxUsesPerOffer)}`),
    stepOf(
      'budget',
      limits.budgetReached,
      `${limits.givenMinor} minor units given and held, ${atMost(rules.budgetMinor)}`,
    ),
  ];
}

/** The reason that a decision would have: that of the first step that fails. Pure. */
export function reasonOf(evaluated: EvaluatedRules, steps: readonly DecisionStep[]): string | null {
  const ineligibility = evaluated.find((one) => one.ineligibility !== null)?.ineligibility;
  if (ineligibility) return ineligibility.code;
  const limit = steps.find((step) => isLimit(step) && step.result === 'failed');
  return limit ? limitSteps[limit.rule as LimitName] : null;
}

function stepOf(rule: string, hasFailed: boolean, saw: string): DecisionStep {
  return { rule, result: hasFailed ? 'failed' : 'passed', saw };
}

function atMost(limit: number | null): string {
  return limit === null ? 'without limit' : `at most ${limit}`;
}

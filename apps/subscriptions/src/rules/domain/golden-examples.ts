import { orRefusal, Refusal } from '#kernel/refusal.js';
import type { Checks } from '../../parameter-types/domain/parameter-schema.js';
import type { Quote } from './methods/method.js';
import { checkOffer, checkParameters, type GoldenExample, quoteBy, type RuleDraft } from './rule.js';

/** What a rule is tried with: a class, its values and the time of the order. */
export type RuleInputs = Pick<GoldenExample, 'parameters' | 'offer' | 'orderedAt' | 'choice'>;

/** A member of the expected result that the rule gives otherwise. */
export interface Difference {
  readonly member: 'amount_minor' | 'start_date' | 'end_date';
  /** For people to read. */
  readonly message: string;
}

/** What a rule gives for a golden example, and how that differs from the expected result. */
export interface ExampleOutcome {
  readonly outcome: Quote | Refusal;
  /** The members of `expect` that differ. */
  readonly differences: readonly Difference[];
}

/** Quotes an order of a class that may not exist, with all checks of a real one. The rule fits its method. */
export function tryRule(
  rule: RuleDraft,
  { parameters, offer, orderedAt, choice }: RuleInputs,
  checks: Checks,
): Quote | Refusal {
  return orRefusal(() => {
    checkOffer(offer);
    checkParameters(rule, parameters, checks, offer);
    return quoteBy(rule, parameters, offer, orderedAt, choice);
  });
}

/** Runs one golden example. */
export function runExample(rule: RuleDraft, example: GoldenExample, checks: Checks): ExampleOutcome {
  const outcome = tryRule(rule, example, checks);
  return { outcome, differences: outcome instanceof Refusal ? [] : differencesOf(example.expect, outcome) };
}

/**
 * Runs all golden examples.
 * @throws Refusal EXAMPLE_FAILED, naming the first example that fails and, in `errors`, each failure
 */
export function checkExamples(rule: RuleDraft, examples: readonly GoldenExample[], checks: Checks): void {
  const failures = examples.flatMap((example, index) => {
    const says = failuresOf(runExample(rule, example, checks));
    return says.length === 0 ? [] : [{ index, title: example.title, says }];
  });
  const [first] = failures;
  if (!first) return;
  throw new Refusal('EXAMPLE_FAILED', `The example “${first.title}” does not hold: ${first.says.join('; ')}`, {
    field: `examples.${first.index}`,
    example: first.title,
    differences: first.says,
    errors: failures.map(({ index, says }) => {
      return { field: `examples.${index}`, code: 'EXAMPLE_FAILED', message: says.join('; ') };
    }),
  });
}

function failuresOf({ outcome, differences }: ExampleOutcome): string[] {
  if (outcome instanceof Refusal) return [outcome.message];
  return differences.map(({ message }) => message);
}

function differencesOf(expected: GoldenExample['expect'], actual: Quote): Difference[] {
  const members = [
    ['amount_minor', expected.amountMinor, actual.amountMinor],
    ['start_date', expected.startDate, actual.startDate],
    ['end_date', expected.endDate, actual.endDate],
  ] as const;
  return members
    .filter(([, wanted, found]) => String(wanted) !== String(found))
    .map(([member, wanted, found]) => ({ member, message: `${member} is ${found} and not ${wanted}` }));
}

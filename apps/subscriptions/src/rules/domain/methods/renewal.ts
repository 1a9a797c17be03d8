import type { DunningStep, Misfit, Need, ParameterValues, Renewal } from './method.js';
import { wholeNumber } from './needs.js';

const dunning: Need = {
  requirement:
    'a list of at most 20 steps such as {"after_days": 3, "step": "remind"}, with the steps remind, suspend and end',
  schema: {
    type: 'array',
    maxItems: 20,
    items: {
      type: 'object',
      properties: {
        after_days: { type: 'integer', minimum: 0, maximum: 365 },
        step: { enum: ['remind', 'suspend', 'end'] },
      },
      required: ['after_days', 'step'],
      additionalProperties: false,
    },
  },
};

/** The optional parameters of a method with later periods. */
export const renewalOptions = {
  lead_days: wholeNumber(0, 60),
  grace_days: wholeNumber(0, 90),
  dunning,
} as const satisfies Readonly<Record<string, Need>>;

interface GivenStep {
  readonly after_days: number;
  readonly step: DunningStep['step'];
}

/** By default an order opens a week ahead, the person stays for a week, and the subscription ends after a month. */
const defaults = { leadDays: 7, graceDays: 7, endAfterDays: 30 } as const;

/** When the orders of later periods open, and what follows when one is not paid. */
export function renewalOf(parameters: ParameterValues): Renewal {
  const leadDays = (parameters.lead_days as number | undefined) ?? defaults.leadDays;
  const graceDays = (parameters.grace_days as number | undefined) ?? defaults.graceDays;
  const given = parameters.dunning as readonly GivenStep[] | undefined;
  const steps = given?.map(({ after_days: afterDays, step }) => ({ afterDays, step }));
  return { leadDays, graceDays, dunning: steps ?? defaultDunning(graceDays) };
}

function defaultDunning(graceDays: number): DunningStep[] {
  return [
    { afterDays: Math.min(1, graceDays), step: 'remind' },
    { afterDays: graceDays, step: 'suspend' },
    { afterDays: Math.max(defaults.endAfterDays, graceDays), step: 'end' },
  ];
}

/** Whether the steps are in order, suspend once after the grace at the earliest, and end last. */
export function renewalMisfits(parameters: ParameterValues): Misfit[] {
  if (parameters.dunning === undefined) return [];
  const { dunning: steps, graceDays } = renewalOf(parameters);
  const message = dunningFault(steps, graceDays);
  return message === null ? [] : [{ at: { parameter: 'dunning' }, message }];
}

function dunningFault(steps: readonly DunningStep[], graceDays: number): string | null {
  if (steps.some(({ afterDays }, index) => afterDays < (steps[index - 1]?.afterDays ?? 0))) {
    return 'must be in the order of its days';
  }
  if (steps.at(-1)?.step !== 'end' || steps.filter(({ step }) => step === 'end').length > 1) {
    return 'must end the subscription once, by its last step';
  }
  const suspensions = steps.filter(({ step }) => step === 'suspend');
  if (suspensions.length > 1) return 'must suspend the person at most once';
  if (suspensions.some(({ afterDays }) => afterDays < graceDays)) {
    return `must not suspend the person before the ${graceDays} days of grace are over`;
  }
  return null;
}

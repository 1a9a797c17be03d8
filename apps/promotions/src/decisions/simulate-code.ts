import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { simulateCode } from '#contracts/promotions/decision-receipts.js';
import { Clock } from '#kernel/clock.js';
import { isCurrency } from '#kernel/money.js';
import { Refusal } from '#kernel/refusal.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { decideHours, hoursOf } from '../codes/domain/active-hours.js';
import { availabilityAt } from '../codes/domain/availability.js';
import { benefitOf, promiseOf } from '../codes/domain/benefit.js';
import { codeNotFound } from '../codes/domain/code.js';
import { offerIdOf } from '../offers/domain/offer.js';
import type { CodeRules, RuleInput, Stage } from '../redemptions/domain/code-rules.js';
import { evaluateEveryRule } from '../redemptions/domain/code-rules.js';
import { missingPersonId } from '../redemptions/domain/redemption-request.js';
import { RedemptionsStore } from '../redemptions/redemptions.store.js';
import type { DecisionStep } from './domain/decision-steps.js';
import { explainRefusal } from './domain/explain-decision.js';
import { reasonOf, simulatedSteps } from './domain/simulated-steps.js';
import { stepsView } from './receipt-view.js';
import { type LimitStates, SimulationStore } from './simulation.store.js';

type Request = RequestOf<typeof simulateCode>;
type Simulated = ResponseOf<typeof simulateCode>;

/** The instant that the rules are evaluated for, and the instant of the counters. */
interface Instants {
  readonly at: Temporal.Instant;
  readonly now: Temporal.Instant;
}

/**
 * Evaluates every rule and limit of a code for another time, person or offer. It takes nothing: the database refuses
 * each write of the transaction, and all reads have one snapshot.
 */
@Injectable()
export class SimulateCode {
  constructor(
    private readonly transactions: Transactions,
    private readonly redemptions: RedemptionsStore,
    private readonly simulations: SimulationStore,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal PROMO_CODE_NOT_FOUND, CURRENCY_UNKNOWN */
  async execute(request: Request): Promise<Simulated> {
    const { currency, at } = request;
    if (currency !== undefined && !isCurrency(currency)) {
      throw new Refusal('CURRENCY_UNKNOWN', `${currency} is not a currency of ISO 4217.`, { field: 'currency' });
    }
    const now = this.clock.now();
    const instants = { at: at === undefined ? now : Temporal.Instant.from(at), now };
    return this.transactions.run(async (tx) => {
      await this.simulations.beReadOnly(tx);
      return this.simulate(tx, request, instants);
    });
  }

  private async simulate(tx: Tx, request: Request, instants: Instants): Promise<Simulated> {
    const { code_id: codeId, person_id: person } = request;
    const personId = person ?? missingPersonId;
    const rules = (await this.redemptions.findRules(tx, [], [codeId])).get(codeId);
    if (!rules) throw codeNotFound();
    const audience = await this.redemptions.audience(tx, [{ codeId, personId }]);
    const applied = await this.simulations.applied(tx, codeId, personId);
    const stage = request.what ?? stageOf(rules, applied !== undefined);
    const input: RuleInput = {
      stage,
      at: instants.at,
      offerId: request.offer_id === undefined ? null : offerIdOf(request.offer_id),
      amountMinor: request.amount_minor ?? null,
      currency: request.currency ?? rules.currency,
      isListed: person === undefined || audience.listed.has(`${codeId} ${personId}`),
      isNew: person === undefined || !audience.withClosedOrder.has(personId),
      hasSlot: stage === 'convert' && typeof applied?.redemptionId === 'string',
    };
    const benefit = benefitAt(rules, input);
    const limits = await this.simulations.limits(tx, {
      codeId,
      personId,
      offerId: input.offerId,
      benefitMinor: benefit?.benefitMinor ?? 0,
      hasSlot: input.hasSlot,
    });
    if (!limits) throw codeNotFound();
    const evaluated = evaluateEveryRule(rules, input);
    const steps = simulatedSteps(evaluated, limits, rules);
    return simulatedView({ rules, input, benefit, limits, steps, reason: reasonOf(evaluated, steps), instants });
  }
}

/** What a person would do with the code next. */
function stageOf({ kind }: CodeRules, isApplied: boolean): Exclude<Stage, 'look'> {
  if (kind === 'discount') return 'hold';
  return isApplied ? 'convert' : 'apply';
}

function benefitAt(rules: CodeRules, { amountMinor, currency }: RuleInput) {
  return amountMinor === null || currency === null ? null : benefitOf(rules, amountMinor, currency);
}

function simulatedView(decision: {
  readonly rules: CodeRules;
  readonly input: RuleInput;
  readonly benefit: ReturnType<typeof benefitAt>;
  readonly limits: LimitStates;
  readonly steps: readonly DecisionStep[];
  readonly reason: string | null;
  readonly instants: Instants;
}): Simulated {
  const { rules, input, benefit, limits, steps, reason, instants } = decision;
  const hours = hoursOf(rules.activeHours, rules.days);
  const { nextOpensAt, closesAt } = availabilityAt(hours, rules, instants.at);
  const { localTime, timezone } = decideHours(hours, instants.at);
  return {
    code_id: rules.id,
    code: rules.code,
    what: input.stage === 'look' ? 'hold' : input.stage,
    at: instants.at.toString(),
    as_of: instants.now.toString(),
    allowed: reason === null,
    reason,
    explanation: reason === null ? 'The code works.' : explainRefusal(reason, steps),
    local_time: localTime,
    timezone,
    steps: stepsView(steps),
    counters: {
      used: limits.used,
      held: limits.held,
      given_minor: limits.givenMinor,
      of_person: limits.personUses,
      of_offer: limits.offerUses,
    },
    benefit_minor: benefit?.benefitMinor ?? null,
    currency: benefit ? input.currency : rules.currency,
    benefit: benefit?.explanation ?? promiseOf(rules),
    next_opens_at: nextOpensAt?.toString() ?? null,
    closes_at: closesAt?.toString() ?? null,
  };
}

import type { Application } from '../../applications/domain/application.js';
import { inPrecedence } from '../../codes/domain/benefit.js';
import type { CodeRules, IneligibilityReason } from '../../redemptions/domain/code-rules.js';
import { notCombinable, type RedemptionRequest } from '../../redemptions/domain/redemption-request.js';
import type { Conversion, Earnings } from './conversion.js';

/** A code that the person of a conversion has taken. */
export interface Candidate {
  readonly application: Application;
  readonly rules: CodeRules;
}

/**
 * A code taken this much after what was completed still counts for it: whoever says when it was completed has another
 * clock. As much as signed requests are allowed.
 */
const clockAllowance = Temporal.Duration.from({ minutes: 5 });

type EarningUse = Earnings['uses'][number];
type RefusedCode = Earnings['refusals'][number];

/**
 * A conversion on its way through its person's codes, by precedence. An exclusive code is tried alone and combinable
 * ones together; the first that work end it, and the others are told that they cannot stand beside them. One that does
 * not work makes room for the next.
 */
export class BonusAllocation {
  readonly uses: EarningUse[] = [];
  readonly refusals: RefusedCode[] = [];
  private waiting: Candidate[];
  private exhausted: ReadonlySet<Candidate> = new Set();

  /** @param candidates all bonus codes that the person applied; those for other offers, or applied later, are ignored */
  constructor(
    readonly conversion: Conversion,
    candidates: readonly Candidate[],
  ) {
    const { offerId, occurredAt } = conversion;
    const fitting = candidates.filter(
      ({ application, rules }) => isFor(rules, offerId) && wasTaken(application, occurredAt),
    );
    const byTerms = new Map(fitting.map((candidate) => [candidate.rules, candidate]));
    this.waiting = inPrecedence([...byTerms.keys()]).map((rules) => byTerms.get(rules) as Candidate);
  }

  /**
   * What to try now; nothing when the conversion is through. Exclusive codes that surely do not work go together: not
   * one of them can come to stand beside another.
   */
  get next(): readonly Candidate[] {
    const [first] = this.waiting;
    if (!first) return [];
    if (isCombinable(first)) return this.waiting.filter(isCombinable);
    const other = this.waiting.findIndex((candidate) => isCombinable(candidate) || !this.exhausted.has(candidate));
    return this.waiting.slice(0, other < 0 ? this.waiting.length : Math.max(other, 1));
  }

  /** The codes that it may come to, by precedence. */
  get candidates(): readonly Candidate[] {
    return this.waiting;
  }

  /** These surely do not work, whatever else is tried in this transaction. */
  markExhausted(exhausted: ReadonlySet<Candidate>): void {
    this.exhausted = exhausted;
  }

  /** Other conversions have redeemed what was held for these. */
  exclude(spent: ReadonlySet<Application>): void {
    this.waiting = this.waiting.filter(({ application }) => !spent.has(application));
  }

  succeed(candidate: Candidate, use: Omit<EarningUse, 'code_id' | 'code'>): void {
    this.remove(candidate);
    this.uses.push({ ...use, ...nameOf(candidate) });
  }

  fail(candidate: Candidate, reason: string, details: Readonly<Record<string, unknown>> = {}): void {
    this.remove(candidate);
    this.refusals.push({ ...nameOf(candidate), reason: reason as RefusedCode['reason'], details });
  }

  /** Once all that `next` gave has succeeded or failed. Answers what cannot stand beside that, and is refused by it. */
  endRound(): readonly Candidate[] {
    if (this.uses.length === 0) return [];
    const beside = this.waiting;
    for (const candidate of beside) {
      const { code, details } = notBesideAnother(candidate);
      this.fail(candidate, code, details);
    }
    return beside;
  }

  private remove(candidate: Candidate): void {
    this.waiting = this.waiting.filter((other) => other !== candidate);
  }
}

/** What the conversion of a allocation asks of a code. */
export function requestOf(
  { conversion }: Pick<BonusAllocation, 'conversion'>,
  { application, rules }: Candidate,
): RedemptionRequest {
  return {
    stage: 'convert',
    codes: [{ id: rules.id }],
    personId: conversion.personId,
    offerId: conversion.offerId,
    amountMinor: conversion.payoutMinor,
    currency: conversion.currency,
    conversionId: conversion.id,
    at: conversion.occurredAt,
    appliedAt: conversion.occurredAt,
    redeemsHold: application.redemptionId,
    revenueMinor: conversion.orderId ? conversion.payoutMinor : 0,
    cause: conversion.cause,
  };
}

/** What a code is told that would have to stand beside one that works. */
export function notBesideAnother({ rules }: Candidate): IneligibilityReason {
  return notCombinable({ stacking: rules.stacking });
}

function isCombinable({ rules }: Candidate): boolean {
  return rules.stacking === 'combinable';
}

function isFor({ offersRule, offers }: CodeRules, offerId: string): boolean {
  return offersRule === 'all' || offers.includes(offerId) === (offersRule === 'some');
}

function wasTaken({ appliedAt }: Application, at: Temporal.Instant): boolean {
  return Temporal.Instant.compare(appliedAt, at.add(clockAllowance)) <= 0;
}

function nameOf({ rules }: Candidate): Pick<EarningUse, 'code_id' | 'code'> {
  return { code_id: rules.id, code: rules.code };
}

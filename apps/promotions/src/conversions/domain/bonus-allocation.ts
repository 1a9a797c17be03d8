import type { Application } from '../../applications/domain/application.js';
import { inPrecedence } from '../../codes/domain/benefit.js';
import type { CodeRules, IneligibilityReason } from '../../redemptions/domain/code-rules.js';
import { notCombinable, type RedemptionRequest } from '../../redemptions/domain/redemption-request.js';
import type { Conversion, Earnings } from './conversion.js';

/** A bonus code that the person of a conversion applied. */
export interface Candidate {
  readonly application: Application;
  readonly rules: CodeRules;
}

/**
 * A code applied at most this long after the conversion still earns: the clocks of outside systems differ. Signed
 * requests allow the same difference.
 */
const clockAllowance = Temporal.Duration.from({ minutes: 5 });

type EarnedBonus = Earnings['redemptions'][number];
type RefusedCode = Earnings['refusals'][number];

/**
 * Allocates the candidates of one conversion, by precedence. An exclusive code is attempted alone and combinable codes
 * together. The first admitted ones end the allocation, and the rest is refused as not combinable. A refused candidate
 * makes room for the next.
 */
export class BonusAllocation {
  readonly redemptions: EarnedBonus[] = [];
  readonly refusals: RefusedCode[] = [];
  private waiting: Candidate[];
  private exhausted: ReadonlySet<Candidate> = new Set();

  /** @param candidates all applied bonus codes of the person; those for other offers, or applied later, are ignored */
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
   * The next candidates to attempt; empty when the allocation is complete. Exhausted exclusive codes are attempted
   * together: none of them can be admitted beside another.
   */
  get next(): readonly Candidate[] {
    const [first] = this.waiting;
    if (!first) return [];
    if (isCombinable(first)) return this.waiting.filter(isCombinable);
    const other = this.waiting.findIndex((candidate) => isCombinable(candidate) || !this.exhausted.has(candidate));
    return this.waiting.slice(0, other < 0 ? this.waiting.length : Math.max(other, 1));
  }

  /** The candidates that are not attempted yet, by precedence. */
  get candidates(): readonly Candidate[] {
    return this.waiting;
  }

  /** Marks candidates that every attempt in this transaction would refuse. */
  markExhausted(exhausted: ReadonlySet<Candidate>): void {
    this.exhausted = exhausted;
  }

  /** Removes candidates whose hold another conversion redeemed. */
  exclude(spent: ReadonlySet<Application>): void {
    this.waiting = this.waiting.filter(({ application }) => !spent.has(application));
  }

  succeed(candidate: Candidate, use: Omit<EarnedBonus, 'code_id' | 'code'>): void {
    this.remove(candidate);
    this.redemptions.push({ ...use, ...nameOf(candidate) });
  }

  fail(candidate: Candidate, reason: string, details: Readonly<Record<string, unknown>> = {}): void {
    this.remove(candidate);
    this.refusals.push({ ...nameOf(candidate), reason: reason as RefusedCode['reason'], details });
  }

  /** Ends a round whose attempts all succeeded or failed. Returns the candidates that are refused as not combinable. */
  endRound(): readonly Candidate[] {
    if (this.redemptions.length === 0) return [];
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

/** The request of a conversion for a candidate. */
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
    sender: conversion.sender,
    at: conversion.occurredAt,
    appliedAt: conversion.occurredAt,
    redeemsHold: application.redemptionId,
    revenueMinor: conversion.orderId ? conversion.payoutMinor : 0,
    cause: conversion.cause,
  };
}

/** Why a candidate is refused after another one was admitted. */
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

function nameOf({ rules }: Candidate): Pick<EarnedBonus, 'code_id' | 'code'> {
  return { code_id: rules.id, code: rules.code };
}

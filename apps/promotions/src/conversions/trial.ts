import type { Application } from '../applications/application.js';
import { inPrecedence } from '../codes/domain/benefit.js';
import { type Ask, notCombinable } from '../uses/asking.js';
import type { Objection, Terms } from '../uses/terms.js';
import type { Conversion, Earnings } from './conversion.js';

/** A code that the person of a conversion has taken. */
export interface Chance {
  readonly application: Application;
  readonly terms: Terms;
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
export class Trial {
  readonly uses: EarningUse[] = [];
  readonly refusals: RefusedCode[] = [];
  private waiting: Chance[];
  private hopeless: ReadonlySet<Chance> = new Set();

  /** @param chances all that the person has taken; those for other offers, or taken only afterwards, are left alone */
  constructor(
    readonly conversion: Conversion,
    chances: readonly Chance[],
  ) {
    const { offerId, occurredAt } = conversion;
    const fitting = chances.filter(
      ({ application, terms }) => isFor(terms, offerId) && wasTaken(application, occurredAt),
    );
    const byTerms = new Map(fitting.map((chance) => [chance.terms, chance]));
    this.waiting = inPrecedence([...byTerms.keys()]).map((terms) => byTerms.get(terms) as Chance);
  }

  /**
   * What to try now; nothing when the conversion is through. Exclusive codes that surely do not work go together: not
   * one of them can come to stand beside another.
   */
  get next(): readonly Chance[] {
    const [first] = this.waiting;
    if (!first) return [];
    if (isCombinable(first)) return this.waiting.filter(isCombinable);
    const other = this.waiting.findIndex((chance) => isCombinable(chance) || !this.hopeless.has(chance));
    return this.waiting.slice(0, other < 0 ? this.waiting.length : Math.max(other, 1));
  }

  /** The codes that it may come to, by precedence. */
  get chances(): readonly Chance[] {
    return this.waiting;
  }

  /** These surely do not work, whatever else is tried in this transaction. */
  giveUpHopeFor(hopeless: ReadonlySet<Chance>): void {
    this.hopeless = hopeless;
  }

  /** Other conversions have redeemed what was held for these. */
  without(spent: ReadonlySet<Application>): void {
    this.waiting = this.waiting.filter(({ application }) => !spent.has(application));
  }

  succeed(chance: Chance, use: Omit<EarningUse, 'code_id' | 'code'>): void {
    this.remove(chance);
    this.uses.push({ ...use, ...nameOf(chance) });
  }

  fail(chance: Chance, reason: string, details: Readonly<Record<string, unknown>> = {}): void {
    this.remove(chance);
    this.refusals.push({ ...nameOf(chance), reason: reason as RefusedCode['reason'], details });
  }

  /** Once all that `next` gave has succeeded or failed. Answers what cannot stand beside that, and is refused by it. */
  endRound(): readonly Chance[] {
    if (this.uses.length === 0) return [];
    const beside = this.waiting;
    for (const chance of beside) {
      const { code, details } = besideAnother(chance);
      this.fail(chance, code, details);
    }
    return beside;
  }

  private remove(chance: Chance): void {
    this.waiting = this.waiting.filter((other) => other !== chance);
  }
}

/** What the conversion of a trial asks of a code. */
export function askOf({ conversion }: Pick<Trial, 'conversion'>, { application, terms }: Chance): Ask {
  return {
    moment: 'convert',
    codes: [{ id: terms.id }],
    personId: conversion.personId,
    offerId: conversion.offerId,
    amountMinor: conversion.payoutMinor,
    currency: conversion.currency,
    conversionId: conversion.id,
    at: conversion.occurredAt,
    appliedAt: conversion.occurredAt,
    takes: application.useId,
    revenueMinor: conversion.orderId ? conversion.payoutMinor : 0,
    cause: conversion.cause,
  };
}

/** What a code is told that would have to stand beside one that works. */
export function besideAnother({ terms }: Chance): Objection {
  return notCombinable({ stacking: terms.stacking });
}

function isCombinable({ terms }: Chance): boolean {
  return terms.stacking === 'combinable';
}

function isFor({ offersRule, offers }: Terms, offerId: string): boolean {
  return offersRule === 'all' || offers.includes(offerId) === (offersRule === 'some');
}

function wasTaken({ appliedAt }: Application, at: Temporal.Instant): boolean {
  return Temporal.Instant.compare(appliedAt, at.add(clockAllowance)) <= 0;
}

function nameOf({ terms }: Chance): Pick<EarningUse, 'code_id' | 'code'> {
  return { code_id: terms.id, code: terms.code };
}

import { foldCode } from '#contracts/fold-code.js';
import type { Cause } from '#messaging/envelope.js';
import { type Benefit, benefitOf, inPrecedence, stackDiscounts } from '../codes/domain/benefit.js';
import { type Judgement, judge, type Moment, type Objection, type Terms } from './terms.js';

/** By its id, or as somebody writes it. */
export type CodeName = { readonly id: string } | { readonly written: string };

/** Somebody asks for a use of a code, or of several together: all of them or none. */
export interface Ask {
  /**
   * What is asked for is held from `hold` on until `lapsesAt`, from `apply` on until it is taken where the code counts
   * on that, and redeemed at once on `convert`.
   */
  readonly moment: Moment;
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
  readonly takes?: string | null;
  readonly lapsesAt?: Temporal.Instant | null;
  readonly revenueMinor?: number;
  /** What day it counts on, where that is not today. */
  readonly appliedAt?: Temporal.Instant | null;
  readonly cause?: Cause | null;
  /** Why it is refused whatever the rules say: it is asked for its receipt alone. */
  readonly objection?: Objection;
}

/** What is known of the codes and persons that are asked about. */
export interface Knowledge {
  /** By folded code and by id. */
  readonly terms: ReadonlyMap<string, Terms>;
  /** `code person`, where the code lists the person. */
  readonly listed: ReadonlySet<string>;
  /** Persons who have closed an order. */
  readonly known: ReadonlySet<string>;
}

/** One code of an ask: what the rules say, and what it would give. */
export interface Judged {
  /** Null when there is no such code. */
  readonly terms: Terms | null;
  readonly written: string;
  readonly judgement: Judgement | null;
  readonly objection: Objection | null;
  readonly benefit: Benefit;
  /** Of the benefit. */
  readonly currency: string | null;
}

const nothing: Benefit = { benefitMinor: 0, explanation: '' };

/** Stands for codes that do not exist where they are looked for all the same, so that the time does not tell. */
export const noCode = '00000000-0000-0000-0000-000000000000';

/** Of persons nothing is known: for decisions in which no rule asks about them. */
export const nobody: Pick<Knowledge, 'listed' | 'known'> = { listed: new Set(), known: new Set() };

/** The terms of the code that is named; null when there is no such code. */
export function termsOf(name: CodeName, { terms }: Pick<Knowledge, 'terms'>): Terms | null {
  return terms.get('id' in name ? name.id : foldCode(name.written)) ?? null;
}

/**
 * Asks the rules of every code of an ask, and of all of them together. When nothing objects they come in the order in
 * which they apply, each with what it gives; else as they were named.
 */
export function judgeAsk(ask: Ask, knowledge: Knowledge, now: Temporal.Instant): Judged[] {
  const judged = combined(ask.codes.map((name) => judgeOne(ask, name, knowledge, now)));
  if (isRefused(judged)) return judged;
  const inOrder = inPrecedence(judged.map(({ terms }) => terms as Terms));
  const benefits = benefitsOf(ask, inOrder);
  return inOrder.map((terms, index): Judged => {
    const one = judged.find((candidate) => candidate.terms === terms) as Judged;
    const benefit = benefits[index];
    if (!benefit) return { ...one, objection: notCombinable({ left_minor: leftOf(ask, benefits.slice(0, index)) }) };
    return { ...one, benefit, currency: terms.percentBp === null ? terms.currency : ask.currency };
  });
}

export function isRefused(judged: readonly Judged[]): boolean {
  return judged.some(({ objection }) => objection !== null);
}

function judgeOne(ask: Ask, name: CodeName, knowledge: Knowledge, now: Temporal.Instant): Judged {
  const written = 'written' in name ? name.written : name.id;
  const terms = termsOf(name, knowledge);
  const none = { benefit: nothing, currency: ask.currency };
  if (!terms) {
    return { terms, written, judgement: null, objection: { code: 'PROMO_CODE_UNKNOWN', details: {} }, ...none };
  }
  const { moment, offerId, amountMinor, currency, personId, at = now } = ask;
  const judgement = judge(terms, {
    moment,
    at,
    offerId,
    amountMinor,
    currency,
    isListed: knowledge.listed.has(`${terms.id} ${personId}`),
    isNew: !knowledge.known.has(personId),
    hasSlot: typeof ask.takes === 'string',
  });
  const { objection } = ask;
  if (!objection) return { terms, written, judgement, objection: judgement.objection, ...none };
  const saw = Object.values(objection.details).join(', ');
  return {
    terms,
    written,
    judgement: { ...judgement, trace: [{ rule: 'others', ok: false, saw }] },
    objection,
    ...none,
  };
}

/** Exclusive codes stand alone, bonuses come one by one, and no code stands beside itself. */
function combined(judged: readonly Judged[]): Judged[] {
  if (judged.length === 1) return [...judged];
  const ids = new Set<string>();
  return judged.map((one) => {
    const { terms, objection } = one;
    if (!terms || objection) return one;
    const isRepeat = ids.has(terms.id);
    ids.add(terms.id);
    if (terms.stacking === 'combinable' && terms.kind === 'discount' && !isRepeat) return one;
    return { ...one, objection: notCombinable({ stacking: terms.stacking }) };
  });
}

function benefitsOf({ moment, amountMinor, currency }: Ask, inOrder: readonly Terms[]): (Benefit | null)[] {
  if (moment === 'apply' || amountMinor === null || currency === null) return inOrder.map(() => nothing);
  const [first] = inOrder;
  if (first?.kind === 'bonus') return [benefitOf(first, amountMinor, currency)];
  return stackDiscounts(inOrder, amountMinor, currency);
}

function leftOf({ amountMinor }: Ask, benefits: readonly (Benefit | null)[]): number {
  return benefits.reduce((left, benefit) => left - (benefit?.benefitMinor ?? 0), amountMinor ?? 0);
}

export function notCombinable(details: Objection['details']): Objection {
  return { code: 'PROMO_CODE_NOT_COMBINABLE', details };
}

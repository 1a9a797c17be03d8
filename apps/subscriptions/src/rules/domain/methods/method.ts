import type { ValueKind } from '../../../parameter-types/domain/parameter-schema.js';

/** The values that a class gives to the parameters of its rule. */
export type ParameterValues = Readonly<Record<string, unknown>>;

/** A parameter of a rule, as far as methods compute with it. */
export interface TypedParameter {
  readonly name: string;
  /** Whether every class has the default. */
  readonly fixed?: boolean | undefined;
  /** The kind of the values. */
  readonly kind?: ValueKind;
}

/** The properties of a class that a method computes with. */
export interface Offer {
  /** IANA name of the zone whose calendar days count. */
  readonly timeZone: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly startDate: Temporal.PlainDate | null;
  /** The last day, included; null is open. */
  readonly endDate: Temporal.PlainDate | null;
}

/** What a method may use of the person who orders. */
export interface Orderer {
  readonly registeredAt: Temporal.Instant;
  /** What follows the `@` of a verified address, in lower case. */
  readonly emailDomain: string | null;
}

/** What the order itself adds to the class and the time. */
export interface Choice {
  /** The number of seats, from 1. */
  readonly seats: number;
  /** The amount that the person chose, where the method lets the person choose. */
  readonly amountMinor: number | null;
  /** Null in a quote for nobody in particular. */
  readonly person: Orderer | null;
}

/** One seat, no amount of the person's own, and nobody in particular. */
export const plainChoice: Choice = { seats: 1, amountMinor: null, person: null };

/** The name under which an order keeps the chosen amount among its parameters. No rule has a parameter of this name. */
export const chosenAmount = 'chosen_amount_minor';

/** The amounts that a person may choose from, and the one that stands for no choice. */
export interface ChoosableAmount {
  readonly minimumMinor: number;
  readonly suggestionMinor: number;
  /** Null for no maximum of the rule. */
  readonly maximumMinor: number | null;
}

/** One step of the computation, in words for the person who pays, and as the values that it used. */
export interface TraceStep {
  readonly step: string;
  readonly explanation: string;
  /** The day from which periods are counted. */
  readonly anchor?: string;
  /** The IANA zone whose days count. */
  readonly zone?: string;
  /** What is counted, such as a day, a meeting or a month. */
  readonly unit?: string;
  readonly numerator?: number;
  readonly denominator?: number;
  /** How a share was rounded to whole minor units. */
  readonly rounding?: string;
}

/** The price of an order, its first and last day, and the steps that led to them. */
export interface Quote {
  readonly amountMinor: number;
  /** Calendar days of the class's zone, both included. */
  readonly startDate: Temporal.PlainDate;
  readonly endDate: Temporal.PlainDate | null;
  readonly trace: readonly TraceStep[];
}

/** A method's requirement on a parameter, beyond the schema of the parameter's type. */
export interface Need {
  /** Completes the sentence "the parameter must be …". */
  readonly requirement: string;
  /** JSON Schema, draft 2020-12. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** Why values that are right one by one do not fit together, or do not fit the class. */
export interface Misfit {
  /** The parameter at fault, or the days that the class lacks. */
  readonly at: { readonly parameter: string } | { readonly member: 'start_date' | 'end_date' };
  /** Completes a sentence about the parameter or the class: `must be at least the minimum`. */
  readonly message: string;
}

/** One period of a subscription. */
export interface Period extends Quote {
  /** The day on which the period has to be paid. */
  readonly dueDate: Temporal.PlainDate;
}

/** What follows a period that is not paid: a reminder, the person out of the class, the end of the subscription. */
export interface DunningStep {
  /** Days after the due date, from 0. */
  readonly afterDays: number;
  readonly step: 'remind' | 'suspend' | 'end';
}

/** When the order of a later period opens, and what follows when it is not paid. */
export interface Renewal {
  /** How many days before its due date the order of a period opens. */
  readonly leadDays: number;
  /** How many days after the due date of an unpaid period the person stays in the class. */
  readonly graceDays: number;
  /** In the order of their days; the last one ends the subscription. */
  readonly dunning: readonly DunningStep[];
}

/**
 * The periods of a subscription. Each period is computed from the anchor, never from the period before it. Parameters
 * are those of an order: they are complete with the defaults of the rule.
 */
export interface PeriodPlan {
  /** The anchor of a subscription that is ordered at `now`: the day from which its periods are counted. */
  anchor(parameters: ParameterValues, offer: Offer, now: Temporal.Instant): Temporal.PlainDate;
  /** The period of this number, from 0; null after the last one. Period 0 is what `quote` gives. */
  period(parameters: ParameterValues, offer: Offer, anchor: Temporal.PlainDate, n: number): Period | null;
  renewal(parameters: ParameterValues): Renewal;
}

/**
 * The computation of a rule: pure, without I/O, with the time as an argument. A new method is one file, its name in
 * registry.ts and its golden examples. The caller has checked that the class has not ended on the day of `now`.
 */
export interface Method {
  /** The name in rules. It never changes. */
  readonly name: string;
  /** What it computes, in one sentence for the author of a rule. */
  readonly about: string;
  /** The required parameters, by name. */
  readonly needs: Readonly<Record<string, Need>>;
  /** Parameters that the method uses where a rule has them, by name. */
  readonly options?: Readonly<Record<string, Need>>;
  /** Whether an order may have several seats. */
  readonly takesSeats?: true;
  /** The amounts that the person may choose; without it the method sets the amount. */
  choosable?(parameters: ParameterValues): ChoosableAmount;
  /** Whether the quote depends on the person. */
  readonly readsPerson?: true;
  /** Faults of a rule, found when it is published. */
  ruleFaults?(template: readonly TypedParameter[], defaults: ParameterValues): readonly Misfit[];
  /** Faults among values of which each satisfies its need. Without faults `quote` succeeds or refuses. */
  misfits?(parameters: ParameterValues, offer: Offer): readonly Misfit[];
  /** Throws a Refusal where the class cannot be ordered at `now`, or not with this choice. */
  quote(
    parameters: ParameterValues,
    offer: Offer,
    now: Temporal.Instant,
    choice: Choice,
    template: readonly TypedParameter[],
  ): Quote;
  /** The periods of a subscription. Without a plan there is one period only. */
  readonly plan?: PeriodPlan;
}

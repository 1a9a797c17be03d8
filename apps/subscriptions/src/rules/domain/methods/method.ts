/** The values that a class gives to the parameters of its rule. */
export type ParameterValues = Readonly<Record<string, unknown>>;

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

/** One step of the computation, in words for the person who pays. */
export interface TraceStep {
  readonly step: string;
  readonly explanation: string;
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

/**
 * The computation of a rule: pure, without I/O, with the time as an argument. A new method is one file and its name in
 * registry.ts. The caller has checked that the class has not ended on the day of `now`.
 */
export interface Method {
  /** The name in rules. It never changes. */
  readonly name: string;
  /** What it computes, in one sentence for the author of a rule. */
  readonly about: string;
  /** The required parameters, by name. */
  readonly needs: Readonly<Record<string, Need>>;
  quote(parameters: ParameterValues, offer: Offer, now: Temporal.Instant): Quote;
}

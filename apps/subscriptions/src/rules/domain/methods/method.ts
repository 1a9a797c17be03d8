/** The values that a class gives to the parameters of its rule. */
export type ParameterValues = Readonly<Record<string, unknown>>;

/** What a class says about itself to a method. */
export interface Offer {
  /** An IANA name: whose calendar the days are of. */
  readonly timeZone: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly startDate: Temporal.PlainDate | null;
  /** The last day, included; null is open. */
  readonly endDate: Temporal.PlainDate | null;
}

/** One step on the way to a quote, in words for the person who pays. */
export interface TraceStep {
  readonly step: string;
  readonly says: string;
}

/** What an order would cost, from when to when it would be good, and how that came about. */
export interface Quote {
  readonly amountMinor: number;
  /** Calendar days of the class's zone, both included. */
  readonly startDate: Temporal.PlainDate;
  readonly endDate: Temporal.PlainDate | null;
  readonly trace: readonly TraceStep[];
}

/** What a method asks of a parameter, beyond what the parameter's type asks of its values. */
export interface Need {
  /** Completes the sentence "the parameter must be …". */
  readonly says: string;
  readonly isMetBy: (value: unknown) => boolean;
}

/**
 * How a rule computes. A method is one file: pure, without I/O, the time comes in. To add one, write it and name it
 * in registry.ts. The class has not ended on the day of `now` when a method is called.
 */
export interface Method {
  /** What rules call it by, for ever. */
  readonly name: string;
  /** The parameters without which it cannot work, by name. */
  readonly needs: Readonly<Record<string, Need>>;
  quote(parameters: ParameterValues, offer: Offer, now: Temporal.Instant): Quote;
}

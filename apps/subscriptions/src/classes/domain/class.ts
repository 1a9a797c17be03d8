import { Refusal } from '#kernel/refusal.js';
import type { Checks } from '../../parameter-types/domain/parameter-schema.js';
import type { Offer, ParameterValues } from '../../rules/domain/methods/method.js';
import { checkOffer, checkParameters, type RuleVersion, type VersionKey } from '../../rules/domain/rule.js';

/** Whether a person may order a class for days on which the person is in the class already. */
export type RepeatEnrolment = 'refused' | 'allowed';

/** What becomes of money for an order that has expired: another order with the same terms, or credit. */
export type LatePaymentRule = 'reopen' | 'credit';

/** The terms that a publisher gives to a class. The currency never changes. */
export interface ClassTerms extends Offer {
  readonly title: string;
  readonly description: string;
  /** The values that the publisher gave. A quote adds the defaults of the rule. */
  readonly parameters: ParameterValues;
  /** Seats; null is unlimited. */
  readonly capacity: number | null;
  readonly approvalRequired: boolean;
  readonly paymentWindowHours: number;
  readonly repeatEnrolment: RepeatEnrolment;
  readonly latePayment: LatePaymentRule;
  /** What may be missing of the amount of an order when it is paid, in minor units. */
  readonly paymentToleranceMinor: number;
}

/**
 * A class that can be ordered: a rule with parameter values, a calendar, a currency and seats. It names the version of
 * the rule that its parameters were checked against.
 */
export interface PublishedClass extends ClassTerms {
  readonly id: string;
  readonly ruleId: string;
  readonly ruleVersion: number;
  /** The number of orders that hold a seat. Only `takeSeats` and `freeSeats` of the store change it. */
  readonly seatsTaken: number;
  readonly publishedAt: Temporal.Instant;
}

/**
 * Checks the terms of a new or changed class against the version of its rule.
 * @throws Refusal TIME_ZONE_UNKNOWN, CURRENCY_UNKNOWN, DATES_REVERSED, PARAMETER_MISSING, PARAMETER_UNKNOWN,
 * PARAMETER_INVALID
 */
export function checkTerms(terms: ClassTerms, rule: RuleVersion, checks: Checks): void {
  checkOffer(terms);
  checkParameters(rule, terms.parameters, checks, terms);
}

/** Checks that a capacity covers the taken seats. @throws Refusal CAPACITY_BELOW_SEATS_TAKEN */
export function checkCapacity(capacity: number | null, seatsTaken: number): void {
  if (capacity === null || capacity >= seatsTaken) return;
  throw new Refusal('CAPACITY_BELOW_SEATS_TAKEN', `${seatsTaken} seats are taken; there cannot be fewer.`, {
    field: 'capacity',
    seats_taken: seatsTaken,
  });
}

/** The number of seats that are free; infinite for an unlimited class. */
export function freeSeats({ capacity, seatsTaken }: Pick<PublishedClass, 'capacity' | 'seatsTaken'>): number {
  return capacity === null ? Number.POSITIVE_INFINITY : capacity - seatsTaken;
}

/** The last of all days that a class can have. */
export const lastOfDays = Temporal.PlainDate.from('9999-12-31');

/** The end of the last day of a class in its zone; null of a class that never ends. */
export function endOf({ endDate, timeZone }: Pick<PublishedClass, 'endDate' | 'timeZone'>): Temporal.Instant | null {
  if (endDate === null || endDate.equals(lastOfDays)) return null;
  return endDate.add({ days: 1 }).toZonedDateTime(timeZone).toInstant();
}

/** The version of the rule that quotes the class. */
export function versionOf({ ruleId, ruleVersion }: Pick<PublishedClass, 'ruleId' | 'ruleVersion'>): VersionKey {
  return { ruleId, version: ruleVersion };
}

/** No class has the id. */
export function classNotFound(): Refusal {
  return new Refusal('CLASS_NOT_FOUND', 'There is no such class.', { field: 'class_id' });
}

import { Refusal } from '#kernel/refusal.js';
import type { Checks } from '../../parameter-types/domain/parameter-schema.js';
import type { Offer, ParameterValues } from '../../rules/domain/methods/method.js';
import { checkOffer, checkParameters, type RuleVersion, type VersionKey } from '../../rules/domain/rule.js';

/** What a publisher says about a class. */
export interface ClassTerms extends Offer {
  readonly title: string;
  readonly description: string;
  /** As they were given; the rule's defaults are filled in when a quote is made. */
  readonly parameters: ParameterValues;
  /** Seats; null is unlimited. */
  readonly capacity: number | null;
  readonly approvalRequired: boolean;
  readonly paymentWindowHours: number;
}

/**
 * Something that can be ordered: a rule and the values for its parameters, a calendar, a currency, seats.
 * It names the version of the rule that its parameters were checked against.
 */
export class PublishedClass implements ClassTerms {
  id!: string;
  title!: string;
  description!: string;
  ruleId!: string;
  ruleVersion!: number;
  parameters!: ParameterValues;
  timeZone!: string;
  /** Orders and receivables are in it; it stays for ever. */
  currency!: string;
  capacity!: number | null;
  /** How many orders hold a seat. Changed by one guarded statement only (classes.store.ts). */
  seatsTaken!: number;
  approvalRequired!: boolean;
  startDate!: Temporal.PlainDate | null;
  endDate!: Temporal.PlainDate | null;
  paymentWindowHours!: number;
  publishedAt!: Temporal.Instant;
}

/**
 * Whether a class can be published, or changed to be, on these terms.
 * @throws Refusal TIME_ZONE_UNKNOWN, CURRENCY_UNKNOWN, DATES_REVERSED, PARAMETER_MISSING, PARAMETER_UNKNOWN,
 * PARAMETER_INVALID
 */
export function checkTerms(terms: ClassTerms, rule: RuleVersion, checks: Checks): void {
  checkOffer(terms);
  checkParameters(rule, terms.parameters, checks);
}

/** @throws Refusal CAPACITY_BELOW_SEATS_TAKEN */
export function checkCapacity(capacity: number | null, seatsTaken: number): void {
  if (capacity === null || capacity >= seatsTaken) return;
  throw new Refusal('CAPACITY_BELOW_SEATS_TAKEN', `${seatsTaken} seats are taken; there cannot be fewer.`, {
    field: 'capacity',
    seats_taken: seatsTaken,
  });
}

/** How many more orders the class has room for. */
export function freeSeats({ capacity, seatsTaken }: Pick<PublishedClass, 'capacity' | 'seatsTaken'>): number {
  return capacity === null ? Number.POSITIVE_INFINITY : capacity - seatsTaken;
}

/** The version of its rule that the class is quoted by. */
export function versionOf({ ruleId, ruleVersion }: Pick<PublishedClass, 'ruleId' | 'ruleVersion'>): VersionKey {
  return { ruleId, version: ruleVersion };
}

export function classNotFound(): Refusal {
  return new Refusal('CLASS_NOT_FOUND', 'There is no such class.', { field: 'class_id' });
}

import { AMOUNT_MINOR_MAX } from '#kernel/money.js';
import type { Need } from './method.js';
import { roundings } from './shares.js';

/** What several methods need of their parameters. */

/** An amount in minor units, from `minimum`. */
export function amountFrom(minimum: number): Need {
  return {
    requirement: `a whole number of minor units from ${minimum} to ${AMOUNT_MINOR_MAX}`,
    schema: { type: 'integer', minimum, maximum: AMOUNT_MINOR_MAX },
  };
}

/** A whole number within bounds, both included. */
export function wholeNumber(minimum: number, maximum: number): Need {
  return {
    requirement: `a whole number from ${minimum} to ${maximum}`,
    schema: { type: 'integer', minimum, maximum },
  };
}

/** One of some names. */
export function oneOf(...names: readonly string[]): Need {
  return { requirement: `one of ${names.join(', ')}`, schema: { enum: names } };
}

/** A calendar day. */
export const aDay: Need = { requirement: 'a day such as 2026-09-01', schema: { type: 'string', format: 'date' } };

/** How a share becomes a whole number of minor units. */
export const aRounding: Need = oneOf(...roundings);

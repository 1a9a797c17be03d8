import type { OrderState } from '../domain/order.js';
import type { Wait } from '../domain/order-wait.js';

/** The conditions of a list of orders; an absent one selects everything. */
export interface OrderFilter {
  /** The member who may see the orders, or null for everybody's. */
  readonly visibleTo: string | null;
  readonly personId?: string | undefined;
  readonly classId?: string | undefined;
  readonly state?: OrderState | undefined;
  readonly waitsFor?: Wait['for'] | undefined;
  readonly search?: OrderSearch | undefined;
  /** Opened at this instant or later. */
  readonly openedFrom?: Temporal.Instant | undefined;
  /** Opened before this instant. */
  readonly openedTo?: Temporal.Instant | undefined;
}

/** What a search of orders can be. */
export interface OrderSearch {
  /** The username or e-mail address of the person. */
  readonly text: string;
  /** The first and the last id with the beginning that the search gives. */
  readonly ids: readonly [first: string, last: string] | null;
  /** The orders of payments with the reference. */
  readonly paid: readonly string[];
}

/** The orders of a list: by the instant of their opening, or of their expiry. */
export type OrderSort = 'newest' | 'oldest' | 'due';

/** All ids that begin with these hexadecimal digits. */
export function idsWith(digits: string): [first: string, last: string] {
  return [uuidOf(digits.padEnd(32, '0')), uuidOf(digits.padEnd(32, 'f'))];
}

function uuidOf(digits: string): string {
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

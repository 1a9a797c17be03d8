import type { z } from 'zod';
import type { movement } from '#contracts/payments/accounts.js';
import { accountKind } from '#contracts/payments/ledger.js';

/**
 * `provider_clearing`: money at a provider. `person`: a person's money. `class`: revenue. `suspense`: payments of which
 * nobody is known. `promotion_expense`: what bonuses cost. `write_off`: what orders cost that were a little short.
 * `debt`: what a person owes us. `refund_expense`: what providers took back beyond a payment. `foreign_money`: payments
 * that an admin has dismissed as not ours. `tax`, `shipping`, `tip`: what payments brought beside the money for orders.
 * `payouts`: what was paid out.
 */
export const accountKinds = accountKind.options;
export type AccountKind = z.infer<typeof accountKind>;

/** Why money moves. */
export type Movement = z.infer<typeof movement>;

/** What identifies an account: one owner has one account per kind and currency. */
export interface AccountKey {
  readonly kind: AccountKind;
  /** A person's or class's id, a provider's name, or a fixed word where there is one account per currency. */
  readonly owner: string;
  readonly currency: string;
}

/** A transfer that is posted at once: `amountMinor` moves from `debit` to `credit`, in the currency of both. */
export interface Posting {
  readonly id: string;
  /** What moves the money, once: a second posting with this key moves nothing. */
  readonly sourceKey: string;
  readonly movement: Movement;
  readonly debit: AccountKey;
  readonly credit: AccountKey;
  readonly amountMinor: number;
  readonly orderId?: string | null;
  readonly paymentId?: string | null;
  /** The transfer that this one corrects. */
  readonly correctionOf?: string | null;
}

/** Money for which no person is known yet, one account per currency. */
export function suspenseAccount(currency: string): AccountKey {
  return { kind: 'suspense', owner: 'unmatched', currency };
}

/** What we owe a person. */
export function personAccount(personId: string, currency: string): AccountKey {
  return { kind: 'person', owner: personId, currency };
}

/** What a person owes us. */
export function debtAccount(personId: string, currency: string): AccountKey {
  return { kind: 'debt', owner: personId, currency };
}

/** Money that a provider holds for us. */
export function clearingAccount(provider: string, currency: string): AccountKey {
  return { kind: 'provider_clearing', owner: provider, currency };
}

/** What bonuses cost us, one account per currency. */
export function expenseAccount(currency: string): AccountKey {
  return { kind: 'promotion_expense', owner: 'bonuses', currency };
}

/** What refunds and disputes took beyond their payments, one account per currency. */
export function refundExpenseAccount(currency: string): AccountKey {
  return { kind: 'refund_expense', owner: 'excess', currency };
}

/** Payments that were dismissed as not ours, one account per currency. */
export function foreignMoneyAccount(currency: string): AccountKey {
  return { kind: 'foreign_money', owner: 'dismissed', currency };
}

/** What payments brought beside the money for orders, one account per kind and currency. */
export function extraAccount(kind: 'tax' | 'shipping' | 'tip', currency: string): AccountKey {
  return { kind, owner: 'collected', currency };
}

/** What was paid out to persons, by the way in which it was. */
export function payoutAccount(method: string, currency: string): AccountKey {
  return { kind: 'payouts', owner: method, currency };
}

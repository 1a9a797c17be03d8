import { type AccountKey, extraAccount, type Movement } from '../../ledger/domain/posting.js';

/** Parts of a payment that are not for what the person ordered, in the order in which refunds take them back. */
export const extraKinds = ['tip', 'tax', 'shipping'] as const;
export type ExtraKind = (typeof extraKinds)[number];

/** The extras of a payment, in minor units; a kind that is left out is zero. */
export type Extras = Readonly<Partial<Record<ExtraKind, number>>>;

interface ExtraMovement {
  readonly movement: Movement;
  /** How the source key of its transfers begins. */
  readonly key: string;
}

/** The movements to the accounts of extras. */
export const collecting: Readonly<Record<ExtraKind, ExtraMovement>> = {
  tip: { movement: 'collect-tip', key: 'collect-tip' },
  tax: { movement: 'collect-tax', key: 'collect-tax' },
  shipping: { movement: 'collect-shipping', key: 'collect-shipping' },
};

/** The movements back from them. */
export const returning: Readonly<Record<ExtraKind, ExtraMovement>> = {
  tip: { movement: 'return-tip', key: 'return-tip' },
  tax: { movement: 'return-tax', key: 'return-tax' },
  shipping: { movement: 'return-shipping', key: 'return-shipping' },
};

/** Money that moves between the account that has a payment and the account of an extra. */
export interface ExtraMove {
  readonly kind: ExtraKind;
  readonly account: AccountKey;
  readonly amountMinor: number;
}

/** The sum of all kinds. */
export function sumOfExtras(extras: Extras): number {
  return extraKinds.reduce((sum, kind) => sum + (extras[kind] ?? 0), 0);
}

/**
 * What stands on the accounts of extras. Refunds take the part of the person first; what they take above that part
 * comes back from the extras.
 */
export function standingExtras(payment: {
  readonly amountMinor: number;
  readonly extras: Extras;
  readonly refundedMinor: number;
}): Extras {
  const { amountMinor, extras, refundedMinor } = payment;
  let above = Math.max(0, refundedMinor - (amountMinor - sumOfExtras(extras)));
  const standing = extraKinds.map((kind) => {
    const extra = extras[kind] ?? 0;
    const back = Math.min(extra, above);
    above -= back;
    return [kind, extra - back] as const;
  });
  return Object.fromEntries(standing);
}

/** What has to move so that `after` stands in place of `before`: only what grows. Swap them for what shrinks. */
export function growthOfExtras(before: Extras, after: Extras, currency: string): ExtraMove[] {
  return extraKinds.flatMap((kind) => {
    const amountMinor = (after[kind] ?? 0) - (before[kind] ?? 0);
    return amountMinor > 0 ? [{ kind, account: extraAccount(kind, currency), amountMinor }] : [];
  });
}

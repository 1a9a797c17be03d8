import { sumOfExtras } from '../../extras/domain/extras.js';
import type { PaymentNotice } from '../../payments/domain/payment-notice.js';

/** The parts of a payment that are not for orders, as they stand in a notification: nothing is checked yet. */
export interface ExtrasData {
  readonly tax?: unknown;
  readonly shipping?: unknown;
  readonly tip?: unknown;
}

/** The extras of a notice: whole amounts that do not exceed the payment, without those of zero. */
export function extrasNoticed(
  { tax, shipping, tip }: ExtrasData,
  amountMinor: number,
): Pick<PaymentNotice, 'taxMinor' | 'shippingMinor' | 'tipMinor'> | 'EXTRAS_INVALID' {
  const extras = { tax: tax ?? 0, shipping: shipping ?? 0, tip: tip ?? 0 };
  if (!areAmounts(extras) || sumOfExtras(extras) > amountMinor) return 'EXTRAS_INVALID';
  return {
    ...(extras.tax > 0 && { taxMinor: extras.tax }),
    ...(extras.shipping > 0 && { shippingMinor: extras.shipping }),
    ...(extras.tip > 0 && { tipMinor: extras.tip }),
  };
}

function areAmounts(
  extras: Record<'tax' | 'shipping' | 'tip', unknown>,
): extras is Record<keyof typeof extras, number> {
  return Object.values(extras).every((amount) => Number.isSafeInteger(amount) && (amount as number) >= 0);
}

/** `{ extras }` of a payment where one of them is there and not zero, else nothing: most payments have none. */
export function withExtras({ tax, shipping, tip }: ExtrasData): { readonly extras?: ExtrasData } {
  const isNone = [tax, shipping, tip].every((amount) => amount === undefined || amount === null || amount === 0);
  return isNone ? {} : { extras: { tax, shipping, tip } };
}

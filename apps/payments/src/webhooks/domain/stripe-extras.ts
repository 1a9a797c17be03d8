import { type ExtrasData, withExtras } from './extras-data.js';

/**
 * What a payment intent has beside the money for its order (`amount_details`): the amount holds it. A tip is added on a
 * reader; tax and shipping are what the merchant declared.
 */
export function extrasOfIntent({ amount_details: details }: Record<string, unknown>): { extras?: ExtrasData } {
  const { tax, shipping, tip } = partsOf(details);
  return withExtras({
    tax: partsOf(tax).total_tax_amount,
    shipping: partsOf(shipping).amount,
    tip: partsOf(tip).amount,
  });
}

/**
 * What a checkout session adds to its items (`total_details`): shipping, and the tax that comes on top. A tax that the
 * prices include is a part of what the person ordered, and stays with it.
 */
export function extrasOfSession(session: Record<string, unknown>): { extras?: ExtrasData } {
  const { amount_discount: discount, amount_shipping: shipping, amount_tax: tax } = partsOf(session.total_details);
  if (!shipping && !tax) return {};
  const added = Number(session.amount_total) - Number(session.amount_subtotal) + Number(discount ?? 0);
  const addedShipping = Math.min(Number(shipping ?? 0), added);
  return withExtras({ shipping: addedShipping, tax: Math.min(Number(tax ?? 0), added - addedShipping) });
}

function partsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

import { z } from 'zod';
import { command } from '../contract.js';
import { amountMinor, currency, id, instant, positiveAmountMinor, visibleTo } from '../wire.js';

/** A payment page of the provider, for what an order lacks. */
export const checkout = z
  .object({
    order_id: id,
    url: z.url().describe('The payment page of the provider. It comes back to the order in the console.'),
    expires_at: instant.describe('The page takes no payment after this instant.'),
    amount_minor: positiveAmountMinor.describe('The amount to pay on the page.'),
    currency,
    balance_minor: amountMinor.describe('The part of the order that the person’s balance pays.'),
    debt_minor: amountMinor.describe('The part of the amount that repays a debt before it pays the order.'),
  })
  .meta({ id: 'Checkout' });

export const beginCheckout = command({
  type: 'payments.begin-checkout.v1',
  service: 'payments',
  subject: 'order_id',
  about:
    'Opens a payment page of the provider for what an opened order lacks: its amount, less the person’s balance unless ' +
    'an older order waits for that, and a debt on top. An order has one page at a time: a repeat gets the same one, and ' +
    'a page of another amount is closed. ORDER_NOT_PAYABLE: see `status`, `waits_for`, `lacks_minor`.',
  refusals: ['ORDER_NOT_FOUND', 'ORDER_NOT_PAYABLE', 'CHECKOUT_REFUSED', 'CHECKOUT_UNAVAILABLE'],
  request: z.object({ order_id: id, visible_to: visibleTo }),
  response: checkout,
});

import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';

/** The payment page of an order. An order has one at a time; another amount replaces it. */
export const CheckoutEntity = defineEntity({
  name: 'Checkout',
  tableName: 'checkout',
  properties: {
    orderId: p.uuid().primary(),
    checkoutId: p.uuid().comment('The key by which the provider recognises a repeat of the request.'),
    personId: p.uuid(),
    title: p.text(),
    amountMinor: column.bigint().check('amount_minor between 1 and 1000000000000'),
    currency: column.ascii(),
    begunAt: column.instant(),
    expiresAt: column.instant(),
    sessionId: column.ascii().nullable().comment('Null until the provider has answered.'),
    url: p.text().nullable(),
  },
  checks: [{ name: 'checkout_answered', expression: '(session_id is null) = (url is null)' }],
});

import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';

/** A payment: one by (provider, reference). */
export const PaymentEntity = defineEntity({
  name: 'Payment',
  tableName: 'payment',
  properties: {
    id: p.uuid().primary(),
    provider: column.ascii(),
    reference: column.ascii(),
    amountMinor: column
      .bigint()
      .check('amount_minor between 0 and 1000000000000')
      .comment('As it was corrected; zero when there was no such payment.'),
    currency: p.text(),
    personNamed: p.text().nullable().comment('The person as the provider handed it through; need not be an id.'),
    orderNamed: p.text().nullable().comment('The order as the provider handed it through; need not be an id.'),
    orderStandsIn: p
      .boolean()
      .default(false)
      .comment("The order is the client's own reference and stands in for a name; one of the metadata replaces it."),
    personId: p.uuid().nullable().comment('Whose the money is; null while it stands in suspense.'),
    registeredAt: column.instant(),
    receivedAt: column.instant().nullable().comment('When an admin says that the money was received.'),
    matchedAt: column.instant().nullable(),
    assignedBy: p.text().nullable(),
    assignedOrderId: p.uuid().nullable().comment('The order that an admin gave it to; counts before order_named.'),
    note: p.text().nullable(),
    dismissedAt: column.instant().nullable().comment('When an admin found that it is not ours.'),
    dismissedBy: p.text().nullable(),
    dismissalNote: p.text().nullable(),
    refundedMinor: column
      .bigint()
      .default(0)
      .comment('The sum of its refunds and disputes that are applied, up to the payment.'),
    extrasMinor: column
      .bigint()
      .default(0)
      .comment('The part that is tax, shipping or a tip, and not the money of the person.'),
    excessMinor: column.bigint().default(0).comment('What they took beyond the payment: an expense of ours.'),
  },
  // The reference first: it differs more than the provider does.
  uniques: [{ properties: ['reference', 'provider'] }],
  indexes: [
    // Money in suspense, or dismissed from it. A payment that names somebody known never enters the first three.
    { name: 'payment_unmatched', properties: ['id'], where: 'person_id is null and dismissed_at is null' },
    { name: 'payment_dismissed', properties: ['id'], where: 'person_id is null and dismissed_at is not null' },
    { name: 'payment_waits_for_person', properties: ['personNamed'], where: 'person_id is null' },
    { name: 'payment_by_hand', properties: ['id'], where: `provider in ('cash', 'bank_transfer')` },
    { name: 'payment_assigned_order', properties: ['assignedOrderId'], where: 'assigned_order_id is not null' },
    { name: 'payment_registered', expression: 'create index payment_registered on payment using brin (registered_at)' },
    { name: 'payment_names_order', properties: ['orderNamed'], where: 'order_named is not null' },
  ],
  checks: [
    { name: 'payment_refunded_at_most_all', expression: 'refunded_minor between 0 and amount_minor' },
    { name: 'payment_extras_at_most_all', expression: 'extras_minor between 0 and amount_minor' },
    {
      name: 'payment_excess_above_all',
      expression: 'excess_minor >= 0 and (excess_minor = 0 or refunded_minor = amount_minor)',
    },
  ],
});

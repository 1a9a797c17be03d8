import { defineEntity, p } from '@mikro-orm/postgresql';
import { among, column } from '#persistence/entities/columns.js';
import { type ExtraKind, extraKinds } from './domain/extras.js';

/** A part of a payment that is tax, shipping or a tip: one by kind. */
export const PaymentExtraEntity = defineEntity({
  name: 'PaymentExtra',
  tableName: 'payment_extra',
  properties: {
    paymentId: p.uuid().primary(),
    kind: column.oneOf<ExtraKind>().primary().check(among('kind', extraKinds)),
    amountMinor: column.bigint().check('amount_minor between 1 and 1000000000000'),
    owedMinor: column
      .bigint()
      .default(0)
      .comment('What the person did not have any more when a later notice named it, and owes us since.'),
    recordedAt: column.instant(),
  },
  checks: [{ name: 'payment_extra_owed_at_most_all', expression: 'owed_minor between 0 and amount_minor' }],
});

import { defineEntity, p } from '@mikro-orm/postgresql';
import { among, column } from '#persistence/entities/columns.js';
import { completedBySql } from '#persistence/entities/completed-by-sql.js';
import { type CorrectionKind, correctionKinds } from './domain/payment-correction.js';

const amount = (name: string) => column.bigint().check(`${name} between 0 and 1000000000000`);

/** What an admin corrected of a payment: its amount, or the person whose it is. Written once. */
export const PaymentCorrectionEntity = completedBySql(
  defineEntity({
    name: 'PaymentCorrection',
    tableName: 'payment_correction',
    properties: {
      id: p.uuid().primary(),
      kind: column.oneOf<CorrectionKind>().check(among('kind', correctionKinds)),
      paymentId: p.uuid(),
      amountBeforeMinor: amount('amount_before_minor'),
      amountAfterMinor: amount('amount_after_minor'),
      personBefore: p.uuid().nullable(),
      personAfter: p.uuid().nullable(),
      movedMinor: column.bigint().check('moved_minor between 1 and 1000000000000'),
      owedMinor: column.bigint().comment('What the person did not have when it moved, and owes us since.'),
      reason: p.text(),
      author: p.text(),
      recordedAt: column.instant(),
      sequence: column.identity(),
    },
    indexes: [{ name: 'payment_correction_of_payment', properties: ['paymentId', 'sequence'] }],
    checks: [
      { name: 'payment_correction_owed_at_most_all', expression: 'owed_minor between 0 and moved_minor' },
      {
        name: 'payment_correction_changes_one',
        expression: `case kind
          when 'correct' then person_before is not distinct from person_after
            and moved_minor = abs(amount_after_minor - amount_before_minor)
          else amount_before_minor = amount_after_minor and person_before <> person_after end`,
      },
    ],
  }),
  `create trigger payment_correction_guard before update or delete on payment_correction
   for each row execute function correction_guard()`,
  `create trigger payment_correction_keep before truncate on payment_correction
   for each statement execute function correction_guard()`,
);

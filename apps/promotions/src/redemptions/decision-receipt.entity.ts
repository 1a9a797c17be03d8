import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';
import type { RuleResult } from './domain/code-rules.js';
import type { ReceiptStage } from './domain/redemption.js';

/** Why a code was allowed or refused. */
export const DecisionReceiptEntity = defineEntity({
  name: 'DecisionReceipt',
  tableName: 'decision_receipt',
  comment: 'Each admission and each refusal, with the evaluated rules and the counters before and after.',
  properties: {
    id: p.uuid().primary().defaultRaw('uuid_v7()'),
    codeId: p.uuid().nullable(),
    code: p.text(),
    personId: p.uuid().nullable(),
    offerId: p.text().nullable(),
    orderId: p.uuid().nullable(),
    conversionId: p.text().nullable(),
    redemptionId: p.uuid().nullable().comment('The hold or redemption that was decided; null for a refusal.'),
    traceId: p.text().nullable(),
    stage: column.oneOf<ReceiptStage>().check(`stage in ('hold', 'apply', 'convert', 'reverse')`),
    allowed: p.boolean(),
    reason: p.text().nullable(),
    localTime: p.text().nullable(),
    timezone: p.text().nullable(),
    trace: column.jsonb<readonly RuleResult[]>(),
    usedBefore: column.bigint().nullable(),
    usedAfter: column.bigint().nullable(),
    heldBefore: column.bigint().nullable(),
    heldAfter: column.bigint().nullable(),
    givenBefore: column.bigint().nullable(),
    givenAfter: column.bigint().nullable(),
    personBefore: column.bigint().nullable(),
    personAfter: column.bigint().nullable(),
    offerBefore: column.bigint().nullable(),
    offerAfter: column.bigint().nullable(),
    at: column.instant(),
  },
  indexes: [
    { name: 'decision_receipt_newest', properties: ['at', 'id'] },
    { name: 'decision_receipt_of_code', properties: ['codeId', 'at', 'id'] },
    { name: 'decision_receipt_of_person', properties: ['personId', 'at', 'id'] },
    {
      // For the list of refusals: few among many admissions.
      name: 'decision_receipt_refused',
      properties: ['codeId', 'at', 'id'],
      where: 'not allowed',
    },
    { name: 'decision_receipt_of_order', properties: ['orderId', 'at', 'id'], where: 'order_id is not null' },
  ],
});

/** Refusals that the sums per day do not include yet. A job deletes them with the change of the sums. */
export const RefusalNotRolledUpEntity = defineEntity({
  name: 'RefusalNotRolledUp',
  tableName: 'refusal_not_rolled_up',
  comment: 'Refusals that rollup_refusal does not include yet.',
  properties: {
    receiptId: p.uuid().primary(),
    codeId: p.uuid(),
    day: column.day(),
    reason: p.text(),
  },
  indexes: [{ name: 'refusal_not_rolled_up_of_code', properties: ['codeId'] }],
});

import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';
import type { ReceiptStage } from './domain/redemption.js';

/** Why a code was allowed or refused. Ids grow with time. */
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
    stage: column.oneOf<ReceiptStage>().check(`stage in ('hold', 'apply', 'convert', 'reverse')`),
    allowed: p.boolean(),
    reason: p.text().nullable(),
    localTime: p.text().nullable(),
    timezone: p.text().nullable(),
    trace: column.jsonb<unknown>(),
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
    { name: 'decision_receipt_of_code', properties: ['codeId', 'id'] },
    { name: 'decision_receipt_of_person', properties: ['personId', 'id'] },
  ],
});

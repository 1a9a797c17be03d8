import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';
import type { BatchState, BatchTerms, CodeBatch, FailedRow } from './domain/code-batch.js';

export const BatchEntity = defineEntity({
  name: 'CodeBatch',
  tableName: 'code_batch',
  comment: 'Codes that are created in the background: from a pattern, or from the rows of a file.',
  properties: {
    id: p.uuid().primary(),
    kind: column.oneOf<CodeBatch['kind']>().check(`kind in ('generate', 'import')`),
    state: column
      .oneOf<BatchState>()
      .check(`state in ('receiving', 'waiting', 'running', 'done', 'exhausted', 'abandoned')`),
    pattern: p.text().nullable(),
    terms: column.jsonb<BatchTerms>().nullable(),
    secret: column.bytes().nullable().comment('Determines the order in which the codes of the pattern are drawn.'),
    walked: column
      .bigint()
      .default(0)
      .comment('How many codes of the pattern were drawn. Commits with the codes: a job continues here after a crash.'),
    wanted: column.bigint().default(0),
    done: column.bigint().default(0),
    failed: column.bigint().default(0),
    report: column.jsonb<readonly FailedRow[]>().defaultRaw(`'[]'`),
    createdBy: p.text(),
    createdAt: column.instant(),
    touchedAt: column.instant(),
    finishedAt: column.instant().nullable(),
  },
  checks: [
    { name: 'done_within_wanted', expression: 'done <= wanted' },
    {
      name: 'what_is_made',
      expression: `(kind = 'generate') = (pattern is not null and terms is not null and secret is not null)`,
    },
  ],
  indexes: [
    { name: 'code_batch_newest', properties: ['createdAt', 'id'] },
    {
      name: 'code_batch_unfinished',
      properties: ['touchedAt'],
      where: `state in ('receiving', 'waiting', 'running')`,
    },
  ],
});

export const ImportRowEntity = defineEntity({
  name: 'ImportRow',
  tableName: 'import_row',
  comment: 'The rows of a file that are not codes yet: the cells by the names of their columns.',
  properties: {
    batchId: p.manyToOne(BatchEntity).mapToPk().fieldName('batch_id').primary(),
    rowNo: column.bigint().primary(),
    row: column.jsonb<Readonly<Record<string, string>>>(),
  },
});

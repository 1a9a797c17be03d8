import type { z } from 'zod';
import type { codeBatch as batchContract, listedBatch } from '#contracts/promotions/promo-code-batches.js';
import type { promoCodeTerms } from '#contracts/promotions/promo-code-terms.js';
import { Refusal } from '#kernel/refusal.js';

export type BatchState = z.output<typeof batchContract>['state'];
export type BatchTerms = z.output<typeof promoCodeTerms>;

/** A row of a file that became no code, counted from 1 without the header. */
export interface FailedRow {
  readonly row: number;
  readonly code: string;
  readonly field: string | null;
  readonly message: string;
}

interface Batch {
  readonly id: string;
  readonly state: BatchState;
  readonly wanted: number;
  readonly done: number;
  readonly failed: number;
  /** The first rows that failed. */
  readonly report: readonly FailedRow[];
  readonly createdBy: string;
  readonly createdAt: Temporal.Instant;
  readonly finishedAt: Temporal.Instant | null;
}

/** Codes of a pattern, drawn in the background. */
export interface Generation extends Batch {
  readonly kind: 'generate';
  readonly pattern: string;
  readonly terms: BatchTerms;
  /** Determines the order in which the codes are drawn. 32 bytes. */
  readonly secret: Buffer;
  /** How many codes of the pattern were drawn, those that existed already included. */
  readonly walked: number;
}

/** Codes from the rows of a file, created in the background once all rows have arrived. */
export interface Import extends Batch {
  readonly kind: 'import';
  readonly pattern?: null;
}

export type CodeBatch = Generation | Import;

/** A batch without its report, and without what only its job reads. */
export interface ListedBatch extends Omit<Batch, 'report'> {
  readonly kind: CodeBatch['kind'];
  /** Null for an import. */
  readonly pattern?: string | null;
}

/** The most failed rows that the report lists. */
export const reportMax = 1_000;

/** Whether a job still has work to do on the batch. */
export function isUnfinished({ state }: Pick<CodeBatch, 'state'>): boolean {
  return state === 'waiting' || state === 'running';
}

/** The finished part of the batch, in whole percent. */
export function percentOf({ wanted, done, failed }: Pick<Batch, 'wanted' | 'done' | 'failed'>): number {
  return wanted === 0 ? 100 : Math.floor(((done + failed) * 100) / wanted);
}

/** A batch with its report, on the wire. */
export function batchView(batch: CodeBatch): z.output<typeof batchContract> {
  return { ...listedBatchView(batch), report: batch.report.map((row) => ({ ...row })) };
}

/** A batch of a list, on the wire. */
export function listedBatchView(batch: ListedBatch): z.output<typeof listedBatch> {
  return {
    batch_id: batch.id,
    kind: batch.kind,
    state: batch.state,
    pattern: batch.pattern ?? null,
    wanted: batch.wanted,
    done: batch.done,
    failed: batch.failed,
    explanation: explain(batch),
    created_by: batch.createdBy,
    created_at: batch.createdAt.toString(),
    finished_at: batch.finishedAt?.toString() ?? null,
  };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function explain(batch: ListedBatch): string {
  const made = `${batch.done} of ${counted(batch.wanted, 'code')} ${batch.done === 1 ? 'is' : 'are'} created`;
  const failed = batch.failed > 0 ? `, ${counted(batch.failed, 'row')} became no code` : '';
  switch (batch.state) {
    case 'receiving':
      return `${counted(batch.wanted, 'row')} ${batch.wanted === 1 ? 'has' : 'have'} arrived so far.`;
    case 'waiting':
      return `Waiting to start: ${counted(batch.wanted, 'code')} to be created.`;
    case 'running':
      return `${made}${failed} (${percentOf(batch)} %).`;
    case 'done':
      return `${made}${failed}.`;
    case 'exhausted': {
      const pattern = batch.pattern ? ` ${batch.pattern}` : '';
      return `${made}; the pattern${pattern} is exhausted: all its other codes exist already.`;
    }
    case 'abandoned':
      return 'The rows of this import never arrived in full; no code was created.';
  }
}

/** CODE_BATCH_NOT_FOUND: no batch has this id, or it is of the other kind. */
export function batchNotFound(): Refusal {
  return new Refusal('CODE_BATCH_NOT_FOUND', 'This batch does not exist.', { field: 'batch_id' });
}

import type { z } from 'zod';
import type { codeBatch as batchContract } from '#contracts/promo-code-batches.js';
import type { promoCodeTerms } from '#contracts/promo-code-terms.js';
import { Refusal } from '#kernel/refusal.js';

export type BatchState = z.output<typeof batchContract>['state'];
export type BatchTerms = z.output<typeof promoCodeTerms>;

/** A row of a file that made no code, counted from 1 without the header. */
export interface FailedRow {
  readonly row: number;
  readonly code: string;
  readonly field: string | null;
  readonly says: string;
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
  /** What the order follows from in which the codes are drawn. */
  readonly secret: Buffer;
  /** How many were drawn; those that somebody had already were drawn for nothing. */
  readonly walked: number;
}

/** Codes of the rows of a file, made in the background once all rows are in. */
export interface Import extends Batch {
  readonly kind: 'import';
}

export type CodeBatch = Generation | Import;

/** Of how many failed rows the report tells. */
export const reportMax = 1_000;

/** Whether a job still has something to do for it. */
export function isUnfinished({ state }: Pick<CodeBatch, 'state'>): boolean {
  return state === 'waiting' || state === 'running';
}

/** How much of it is done, in whole percent. */
export function percentOf({ wanted, done, failed }: CodeBatch): number {
  return wanted === 0 ? 100 : Math.floor(((done + failed) * 100) / wanted);
}

export function batchView(batch: CodeBatch): z.output<typeof batchContract> {
  return {
    batch_id: batch.id,
    kind: batch.kind,
    state: batch.state,
    pattern: batch.kind === 'generate' ? batch.pattern : null,
    wanted: batch.wanted,
    done: batch.done,
    failed: batch.failed,
    explanation: explain(batch),
    report: batch.report.map((row) => ({ ...row })),
    created_by: batch.createdBy,
    created_at: batch.createdAt.toString(),
    finished_at: batch.finishedAt?.toString() ?? null,
  };
}

function explain(batch: CodeBatch): string {
  const made = `${batch.done} of ${batch.wanted} codes are made`;
  const failed = batch.failed > 0 ? `, ${batch.failed} rows made none` : '';
  switch (batch.state) {
    case 'receiving':
      return `${batch.wanted} rows came in so far.`;
    case 'waiting':
      return `It has not begun: ${batch.wanted} codes are to be made.`;
    case 'running':
      return `${made}${failed} (${percentOf(batch)} %).`;
    case 'done':
      return `${made}${failed}.`;
    case 'exhausted': {
      const pattern = batch.kind === 'generate' ? ` ${batch.pattern}` : '';
      return `${made}; the pattern${pattern} is exhausted: all its other codes exist already.`;
    }
    case 'abandoned':
      return 'Its rows never came to an end; none of them was made.';
  }
}

export function batchNotFound(): Refusal {
  return new Refusal('CODE_BATCH_NOT_FOUND', 'There is no such batch.', { field: 'batch_id' });
}

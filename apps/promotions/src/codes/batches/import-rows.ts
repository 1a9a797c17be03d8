import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { codeOfCells, columnAt } from '#contracts/promotions/promo-code-csv.js';
import { promoCodeBody } from '#contracts/promotions/promo-code-terms.js';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import { zip } from '#kernel/zip.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { CodesStore } from '../codes.store.js';
import { addDrafts, type Draft, draftOf } from '../steps/add-drafts.js';
import { BatchesStore, type ImportRow } from './batches.store.js';
import { type CodeBatch, type FailedRow, type Import, isUnfinished, reportMax } from './domain/code-batch.js';

/** In one transaction: well below the statement timeout. */
const stepMax = { rowsMax: 1_000, personsMax: 50_000 };

/**
 * Creates codes from the next rows of an import, by the rules for single codes. A row that cannot be a code is reported
 * and delays no other. The transaction that creates the code deletes the row, so that no code is created twice.
 */
@Injectable()
export class ImportRows {
  constructor(
    private readonly transactions: Transactions,
    private readonly batches: BatchesStore,
    private readonly codes: CodesStore,
    private readonly clock: Clock,
  ) {}

  /** @returns the batch after this step; call again while it is unfinished. */
  execute(batchId: string): Promise<CodeBatch | null> {
    return this.transactions.run(async (tx) => {
      const batch = await this.batches.lock(tx, batchId);
      if (batch?.kind !== 'import' || !isUnfinished(batch)) return batch;
      const next = await this.importSome(tx, batch);
      await this.batches.save(tx, next, this.clock.now());
      return next;
    });
  }

  private async importSome(tx: Tx, batch: Import): Promise<Import> {
    const rows = await this.batches.takeRows(tx, batch.id, stepMax);
    const outcomes = await addDrafts(
      tx,
      this.codes,
      rows.map(({ cells }) => this.read(cells, batch)),
    );
    const failures = zip(rows, outcomes).flatMap(([row, outcome]) =>
      outcome instanceof Refusal ? [failureOf(row, outcome)] : [],
    );
    const next = {
      ...batch,
      done: batch.done + rows.length - failures.length,
      failed: batch.failed + failures.length,
      report: [...batch.report, ...failures].slice(0, reportMax),
    };
    const isOver = next.done + next.failed >= next.wanted || rows.length === 0;
    return isOver ? { ...next, state: 'done', finishedAt: this.clock.now() } : { ...next, state: 'running' };
  }

  private read(cells: ImportRow['cells'], { id: batchId, createdBy }: Import): Draft | Refusal {
    const body = codeOfCells(cells);
    const parsed = promoCodeBody.safeParse(body);
    return parsed.success
      ? draftOf(parsed.data, { createdBy, createdAt: this.clock.now(), batchId })
      : refusalOf(body, parsed.error);
  }
}

function refusalOf(body: Record<string, unknown>, { issues: [issue] }: z.ZodError): Refusal {
  const path = issue?.path ?? [];
  const isMissing = path.length > 0 && body[String(path[0])] === undefined;
  const says = isMissing ? 'This is required.' : (issue?.message ?? 'This row is not a valid code.');
  return new Refusal('REQUEST_MALFORMED', says, { field: columnAt(path) });
}

function failureOf({ rowNo, cells }: ImportRow, { message, details: { field } }: Refusal): FailedRow {
  const column = typeof field === 'string' ? columnAt(field.split('.')) : null;
  return { row: rowNo, code: cells.code ?? '', field: column, message };
}

import { Injectable } from '@nestjs/common';
import { Transactions, type Tx } from '#persistence/transaction.js';
import type { BatchState, BatchTerms, CodeBatch, FailedRow, Generation, Import } from './domain/code-batch.js';

interface Row {
  id: string;
  kind: CodeBatch['kind'];
  state: BatchState;
  pattern: string | null;
  terms: BatchTerms | null;
  secret: Buffer | null;
  walked: number;
  wanted: number;
  done: number;
  failed: number;
  report: FailedRow[];
  created_by: string;
  created_at: Temporal.Instant;
  finished_at: Temporal.Instant | null;
}

/** A row of a file as it came: its cells by the names of their columns. */
export interface ImportRow {
  readonly rowNo: number;
  readonly cells: Readonly<Record<string, string>>;
}

const idLetters = 36;

/** Generations and imports, and the rows of files that wait to become codes. */
@Injectable()
export class BatchesStore {
  constructor(private readonly transactions: Transactions) {}

  async add(tx: Tx, batch: CodeBatch): Promise<void> {
    const { pattern, terms, secret } = batch.kind === 'generate' ? batch : { pattern: null, terms: null, secret: null };
    await tx.query(
      `insert into code_batch (id, kind, state, pattern, terms, secret, wanted, created_by, created_at, touched_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
      [
        batch.id,
        batch.kind,
        batch.state,
        pattern,
        terms && JSON.stringify(terms),
        secret,
        batch.wanted,
        batch.createdBy,
        batch.createdAt,
      ],
    );
  }

  /** Whoever works on a batch holds its lock, so two that do take turns. */
  async lock(tx: Tx, id: string): Promise<CodeBatch | null> {
    const [row] = await tx.query<Row>(`select * from code_batch where id = $1 for update`, [id]);
    return row ? batchOf(row) : null;
  }

  async save(tx: Tx, batch: CodeBatch, now: Temporal.Instant): Promise<void> {
    const walked = batch.kind === 'generate' ? batch.walked : 0;
    await tx.query(
      `update code_batch set state = $2, walked = $3, wanted = $4, done = $5, failed = $6, report = $7, touched_at = $8,
         finished_at = $9
       where id = $1`,
      [
        batch.id,
        batch.state,
        walked,
        batch.wanted,
        batch.done,
        batch.failed,
        JSON.stringify(batch.report),
        now,
        batch.finishedAt,
      ],
    );
  }

  async find(id: string): Promise<CodeBatch | null> {
    const [row] = await this.transactions.query<Row>(`select * from code_batch where id = $1`, [id]);
    return row ? batchOf(row) : null;
  }

  /** Batches in one of these states that nobody has touched since `before`, the longest ago first. */
  async untouched(states: readonly BatchState[], before: Temporal.Instant): Promise<Pick<CodeBatch, 'id' | 'kind'>[]> {
    return this.transactions.query(
      `select id, kind from code_batch where state = any ($1::text[]) and touched_at < $2 order by touched_at limit 100`,
      [states, before],
    );
  }

  /** Takes rows in; those that are there already stay as they are. Says how many are new. */
  async addRows(tx: Tx, batchId: string, rows: readonly ImportRow[]): Promise<number> {
    const added = await tx.query(
      `insert into import_row (batch_id, row_no, row)
       select $1, row_no, cells::jsonb from unnest($2::bigint[], $3::text[]) as new (row_no, cells)
       on conflict do nothing
       returning row_no`,
      [batchId, rows.map(({ rowNo }) => rowNo), rows.map(({ cells }) => JSON.stringify(cells))],
    );
    return added.length;
  }

  /** Takes the first rows out that are left: at least one, and no more when they name so many persons. */
  async takeRows(
    tx: Tx,
    batchId: string,
    { rowsMax, personsMax }: { rowsMax: number; personsMax: number },
  ): Promise<ImportRow[]> {
    const rows = await tx.query<{ row_no: number; row: Record<string, string> }>(
      `with taken as (
         delete from import_row
         where batch_id = $1 and row_no in (
           select row_no from (
             -- However the cell lists them, each person takes the room of an id.
             select row_no, row_number() over place as place,
               sum(coalesce(length(row ->> 'persons'), 0)) over place as letters
             from (select * from import_row where batch_id = $1 order by row_no limit $2) as first
             window place as (order by row_no)
           ) as next
           where place = 1 or letters <= $3
         )
         returning row_no, row
       ) select * from taken order by row_no`,
      [batchId, rowsMax, personsMax * idLetters],
    );
    return rows.map(({ row_no: rowNo, row: cells }) => ({ rowNo, cells }));
  }

  async dropRows(tx: Tx, batchId: string): Promise<void> {
    await tx.query(`delete from import_row where batch_id = $1`, [batchId]);
  }
}

function batchOf(row: Row): CodeBatch {
  const batch = {
    id: row.id,
    state: row.state,
    wanted: row.wanted,
    done: row.done,
    failed: row.failed,
    report: row.report,
    createdBy: row.created_by,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  };
  if (row.kind === 'import') return { ...batch, kind: 'import' } satisfies Import;
  // The table's check constraint has seen to it that a generation has all three.
  const { pattern, terms, secret, walked } = row as Row & Pick<Generation, 'pattern' | 'terms' | 'secret'>;
  return { ...batch, kind: 'generate', pattern, terms, secret, walked } satisfies Generation;
}

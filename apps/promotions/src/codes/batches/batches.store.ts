import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type Page, type Paging, pageOf } from '#persistence/paging.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { BatchEntity, ImportRowEntity } from './batch.entity.js';
import type { BatchState, CodeBatch, Generation, Import, ListedBatch } from './domain/code-batch.js';

/** A row of a file as it was received: its cells by the names of their columns. */
export interface ImportRow {
  readonly rowNo: number;
  readonly cells: Readonly<Record<string, string>>;
}

/** Which batches to list; members that are left out match all. */
export interface BatchFilter {
  readonly kind?: CodeBatch['kind'] | undefined;
  readonly state?: BatchState | undefined;
}

const listedProperties = [
  'id',
  'kind',
  'state',
  'pattern',
  'wanted',
  'done',
  'failed',
  'createdBy',
  'createdAt',
  'finishedAt',
] as const satisfies readonly (keyof ListedBatch)[];

const idLetters = 36;

/** Generations and imports, and the rows of files that are not codes yet. */
@Injectable()
export class BatchesStore {
  constructor(private readonly transactions: Transactions) {}

  async add(tx: Tx, batch: CodeBatch): Promise<void> {
    await tx
      .kysely(BatchEntity)
      .insertInto('code_batch')
      .values({ ...batch, touchedAt: batch.createdAt })
      .execute();
  }

  /** Jobs that work on one batch take turns: each locks its row. */
  async lock(tx: Tx, id: string): Promise<CodeBatch | null> {
    const row = await tx
      .kysely(BatchEntity)
      .selectFrom('code_batch')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    return row ? batchOf(row) : null;
  }

  async save(tx: Tx, batch: CodeBatch, now: Temporal.Instant): Promise<void> {
    const { id, state, wanted, done, failed, report, finishedAt } = batch;
    const walked = batch.kind === 'generate' ? batch.walked : 0;
    await tx
      .kysely(BatchEntity)
      .updateTable('code_batch')
      .set({ state, walked, wanted, done, failed, report, touchedAt: now, finishedAt })
      .where('id', '=', id)
      .execute();
  }

  async find(id: string): Promise<CodeBatch | null> {
    const row = await this.transactions
      .kysely(BatchEntity)
      .selectFrom('code_batch')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row ? batchOf(row) : null;
  }

  /** Newest first, without the reports. */
  list({ kind, state }: BatchFilter, paging: Paging): Promise<Page<ListedBatch>> {
    let matching = this.transactions.kysely(BatchEntity).selectFrom('code_batch');
    if (kind !== undefined) matching = matching.where('kind', '=', kind);
    if (state !== undefined) matching = matching.where('state', '=', state);
    const order = { by: ['createdAt', 'id'], direction: 'desc' } as const;
    return pageOf({ matching, selected: matching.select(listedProperties), order }, paging);
  }

  /** Batches in one of these states that no job has touched since `before`, the oldest first. */
  untouched(states: readonly BatchState[], before: Temporal.Instant): Promise<Pick<CodeBatch, 'id' | 'kind'>[]> {
    return this.transactions
      .kysely(BatchEntity)
      .selectFrom('code_batch')
      .select(['id', 'kind'])
      .where('state', '=', sql<BatchState>`any (${states}::text[])`)
      .where('touchedAt', '<', before)
      .orderBy('touchedAt')
      .limit(100)
      .execute();
  }

  /** Adds rows of a file; a row number that exists keeps its first row. @returns how many are new. */
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

  /** Deletes the first remaining rows and returns them: at least one, and as many as stay within both limits. */
  async takeRows(
    tx: Tx,
    batchId: string,
    { rowsMax, personsMax }: { rowsMax: number; personsMax: number },
  ): Promise<ImportRow[]> {
    const rows = await tx.query<{ row_no: number; cells: ImportRow['cells'] }>(
      `with taken as (
         delete from import_row
         where batch_id = $1 and row_no in (
           select row_no from (
             -- In any notation of the cell, each person takes at least the letters of an id.
             select row_no, row_number() over place as place,
               sum(coalesce(length(row ->> 'persons'), 0)) over place as letters
             from (select * from import_row where batch_id = $1 order by row_no limit $2) as first
             window place as (order by row_no)
           ) as next
           where place = 1 or letters <= $3
         )
         returning row_no, row
       ) select row_no, row as cells from taken order by row_no`,
      [batchId, rowsMax, personsMax * idLetters],
    );
    return rows.map(({ row_no: rowNo, cells }) => ({ rowNo, cells }));
  }

  async dropRows(tx: Tx, batchId: string): Promise<void> {
    await tx.kysely(ImportRowEntity).deleteFrom('import_row').where('batchId', '=', batchId).execute();
  }
}

/** A row of the table. The check constraint what_is_made guarantees that a generation has its three members. */
type BatchRow = Omit<Generation, 'kind' | 'pattern' | 'terms' | 'secret'> &
  ({ readonly kind: CodeBatch['kind'] } & {
    readonly [Member in 'pattern' | 'terms' | 'secret']: Generation[Member] | null;
  });

function batchOf({ kind, pattern, terms, secret, walked, ...batch }: BatchRow): CodeBatch {
  if (kind === 'import') return { ...batch, kind } satisfies Import;
  return { ...batch, kind, pattern, terms, secret, walked } as Generation;
}

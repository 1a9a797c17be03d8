import { Injectable } from '@nestjs/common';
import { offsetOf, type Page, type Paging, pageOf } from '#persistence/paging.js';
import { Transactions } from '#persistence/transaction.js';

export interface ReceiptRow {
  readonly id: string;
  readonly stage: string;
  readonly allowed: boolean;
  readonly reason: string | null;
  readonly code_id: string | null;
  readonly code: string;
  readonly person_id: string | null;
  readonly offer_id: string | null;
  readonly local_time: string | null;
  readonly timezone: string | null;
  readonly trace: unknown;
  readonly used_before: number | null;
  readonly used_after: number | null;
  readonly held_before: number | null;
  readonly held_after: number | null;
  readonly given_before: number | null;
  readonly given_after: number | null;
  readonly person_before: number | null;
  readonly person_after: number | null;
  readonly offer_before: number | null;
  readonly offer_after: number | null;
  readonly at: Temporal.Instant;
}

/** Decision receipts, as they were written with the decisions. */
@Injectable()
export class ReceiptsStore {
  constructor(private readonly transactions: Transactions) {}

  /** Newest first: the ids grow with time. */
  async list(
    { codeId, personId }: { codeId: string | null; personId: string | null },
    paging: Paging,
  ): Promise<Page<ReceiptRow>> {
    const matching = `from decision_receipt
      where ($1::uuid is null or code_id = $1) and ($2::uuid is null or person_id = $2)`;
    const [[counted], receipts] = await Promise.all([
      this.transactions.query<{ total: number }>(`select count(*) as total ${matching}`, [codeId, personId]),
      this.transactions.query<ReceiptRow>(`select * ${matching} order by id desc limit $3 offset $4`, [
        codeId,
        personId,
        paging.limit,
        offsetOf(paging),
      ]),
    ]);
    return pageOf(receipts, counted, paging);
  }
}

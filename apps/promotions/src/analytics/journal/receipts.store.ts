import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import type { TypedTable } from '#persistence/entities/typed-queries.js';
import { newestFirst, type Page, type Paging, pageOf } from '#persistence/paging.js';
import { Transactions } from '#persistence/transaction.js';
import { DecisionReceiptEntity } from '../../redemptions/decision-receipt.entity.js';

/** Which receipts to list: null matches all. */
interface ReceiptFilter {
  readonly codeId: string | null;
  readonly personId: string | null;
}

/** A decision receipt as it is stored. */
export type Receipt = Selectable<TypedTable<typeof DecisionReceiptEntity>>;

/** Decision receipts, as they were written with the decisions. */
@Injectable()
export class ReceiptsStore {
  constructor(private readonly transactions: Transactions) {}

  /** Newest first: the ids grow with time. */
  list({ codeId, personId }: ReceiptFilter, paging: Paging): Promise<Page<Receipt>> {
    let matching = this.receipts();
    if (codeId !== null) matching = matching.where('codeId', '=', codeId);
    if (personId !== null) matching = matching.where('personId', '=', personId);
    return pageOf({ matching, selected: matching.selectAll(), order: newestFirst }, paging);
  }

  private receipts() {
    return this.transactions.kysely(DecisionReceiptEntity).selectFrom('decision_receipt');
  }
}

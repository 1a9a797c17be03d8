import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import type { TypedTable } from '#persistence/entities/typed-queries.js';
import { type Page, type Paging, pageOf } from '#persistence/paging.js';
import { Transactions } from '#persistence/transaction.js';
import { DecisionReceiptEntity } from '../redemptions/decision-receipt.entity.js';
import type { ReceiptStage } from '../redemptions/domain/redemption.js';

/** Which receipts to list; members that are left out match all. */
export interface ReceiptFilter {
  readonly codeId?: string | undefined;
  readonly personId?: string | undefined;
  readonly orderId?: string | undefined;
  readonly stage?: ReceiptStage | undefined;
  readonly allowed?: boolean | undefined;
  readonly reason?: string | undefined;
  /** The first instant, and the end, which is not included. */
  readonly from?: Temporal.Instant | undefined;
  readonly to?: Temporal.Instant | undefined;
}

/** A decision receipt as it is stored. */
export type Receipt = Selectable<TypedTable<typeof DecisionReceiptEntity>>;

/** Decision receipts, as they were written with the decisions. */
@Injectable()
export class ReceiptsStore {
  constructor(private readonly transactions: Transactions) {}

  async find(id: string): Promise<Receipt | null> {
    return (await this.receipts().selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
  }

  /** Newest first. They are counted only on request. */
  list(filter: ReceiptFilter, { count = false, ...paging }: Paging): Promise<Page<Receipt>> {
    const matching = this.matching(filter);
    const order = { by: ['at', 'id'], direction: 'desc' } as const;
    return pageOf({ matching, selected: matching.selectAll(), order }, { ...paging, count });
  }

  private receipts() {
    return this.transactions.kysely(DecisionReceiptEntity).selectFrom('decision_receipt');
  }

  private matching({ from, to, ...equal }: ReceiptFilter) {
    let receipts = this.receipts();
    for (const [property, value] of Object.entries(equal)) {
      if (value !== undefined) receipts = receipts.where(property as keyof typeof equal, '=', value);
    }
    if (from !== undefined) receipts = receipts.where('at', '>=', from);
    return to === undefined ? receipts : receipts.where('at', '<', to);
  }
}

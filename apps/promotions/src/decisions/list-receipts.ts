import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { listDecisionReceipts } from '#contracts/promotions/decision-receipts.js';
import { mapPage } from '#persistence/paging.js';
import { receiptView } from './receipt-view.js';
import { ReceiptsStore } from './receipts.store.js';

/** Why codes were allowed and refused. */
@Injectable()
export class ListReceipts {
  constructor(private readonly receipts: ReceiptsStore) {}

  async execute(request: RequestOf<typeof listDecisionReceipts>): Promise<ResponseOf<typeof listDecisionReceipts>> {
    const { code_id, person_id, order_id, what, allowed, reason, from, to, ...paging } = request;
    const filter = {
      codeId: code_id,
      personId: person_id,
      orderId: order_id,
      stage: what,
      allowed,
      reason,
      from: from === undefined ? undefined : Temporal.Instant.from(from),
      to: to === undefined ? undefined : Temporal.Instant.from(to),
    };
    return mapPage(await this.receipts.list(filter, paging), receiptView);
  }
}

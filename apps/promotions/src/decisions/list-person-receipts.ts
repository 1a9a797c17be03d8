import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { listPersonReceipts } from '#contracts/promotions/decision-receipts.js';
import { mapPage } from '#persistence/paging.js';
import { Transactions } from '#persistence/transaction.js';
import { missingCodeId } from '../redemptions/domain/redemption-request.js';
import { RedemptionsStore } from '../redemptions/redemptions.store.js';
import { personReceiptView } from './receipt-view.js';
import { ReceiptsStore } from './receipts.store.js';

/** What was decided about the codes of a person, as the person may see it. */
@Injectable()
export class ListPersonReceipts {
  constructor(
    private readonly receipts: ReceiptsStore,
    private readonly redemptions: RedemptionsStore,
    private readonly transactions: Transactions,
  ) {}

  async execute(request: RequestOf<typeof listPersonReceipts>): Promise<ResponseOf<typeof listPersonReceipts>> {
    const { person_id: personId, ...paging } = request;
    const page = await this.receipts.list({ personId }, paging);
    const pairs = page.items.map(({ codeId }) => ({ codeId: codeId ?? missingCodeId, personId }));
    const held = await this.redemptions.holders(this.transactions, pairs);
    return mapPage(page, (receipt) => personReceiptView(receipt, held.has(`${receipt.codeId} ${personId}`)));
  }
}

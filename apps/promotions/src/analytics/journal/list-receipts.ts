import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { listDecisionReceipts } from '#contracts/promotions/promo-analytics.js';
import { mapPage } from '#persistence/paging.js';
import { type ReceiptRow, ReceiptsStore } from './receipts.store.js';

type Page = ResponseOf<typeof listDecisionReceipts>;

/** Why codes were allowed and refused. */
@Injectable()
export class ListReceipts {
  constructor(private readonly receipts: ReceiptsStore) {}

  async execute(request: RequestOf<typeof listDecisionReceipts>): Promise<Page> {
    const { code_id: codeId = null, person_id: personId = null, ...paging } = request;
    return mapPage(await this.receipts.list({ codeId, personId }, paging), viewOf);
  }
}

function viewOf(row: ReceiptRow): Page['items'][number] {
  return {
    receipt_id: row.id,
    what: row.stage,
    allowed: row.allowed,
    reason: row.reason,
    code_id: row.code_id,
    code: row.code,
    person_id: row.person_id,
    offer_id: row.offer_id,
    local_time: row.local_time,
    timezone: row.timezone,
    trace: row.trace,
    before: {
      used: row.used_before,
      held: row.held_before,
      given_minor: row.given_before,
      of_person: row.person_before,
      of_offer: row.offer_before,
    },
    after: {
      used: row.used_after,
      held: row.held_after,
      given_minor: row.given_after,
      of_person: row.person_after,
      of_offer: row.offer_after,
    },
    at: row.at.toString(),
  };
}

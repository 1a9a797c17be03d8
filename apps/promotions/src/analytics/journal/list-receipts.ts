import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { listDecisionReceipts } from '#contracts/promotions/promo-analytics.js';
import { mapPage } from '#persistence/paging.js';
import { type Receipt, ReceiptsStore } from './receipts.store.js';

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

function viewOf(receipt: Receipt): Page['items'][number] {
  return {
    receipt_id: receipt.id,
    what: receipt.stage,
    allowed: receipt.allowed,
    reason: receipt.reason,
    code_id: receipt.codeId,
    code: receipt.code,
    person_id: receipt.personId,
    offer_id: receipt.offerId,
    local_time: receipt.localTime,
    timezone: receipt.timezone,
    trace: receipt.trace,
    before: {
      used: receipt.usedBefore,
      held: receipt.heldBefore,
      given_minor: receipt.givenBefore,
      of_person: receipt.personBefore,
      of_offer: receipt.offerBefore,
    },
    after: {
      used: receipt.usedAfter,
      held: receipt.heldAfter,
      given_minor: receipt.givenAfter,
      of_person: receipt.personAfter,
      of_offer: receipt.offerAfter,
    },
    at: receipt.at.toString(),
  };
}

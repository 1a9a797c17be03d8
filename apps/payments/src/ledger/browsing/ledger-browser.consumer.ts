import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { getTransfer, listLedgerAccounts, listLedgerEntries } from '#contracts/payments/ledger.js';
import type { QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { ReadAccounts } from './read-accounts.js';
import { ReadTransfer } from './read-transfer.js';

/** Receives the queries of admins who look into the ledger. */
@Controller()
export class LedgerBrowserConsumer {
  constructor(
    private readonly accounts: ReadAccounts,
    private readonly transfers: ReadTransfer,
  ) {}

  @MessagePattern<string>(listLedgerAccounts.type)
  listLedgerAccounts(
    @Payload(batchOf(listLedgerAccounts)) batch: QueryOf<typeof listLedgerAccounts>[],
  ): Promise<ReplyOf<typeof listLedgerAccounts>[]> {
    return answerEach(batch, ({ data }) => this.accounts.list(data));
  }

  @MessagePattern<string>(listLedgerEntries.type)
  listLedgerEntries(
    @Payload(batchOf(listLedgerEntries)) batch: QueryOf<typeof listLedgerEntries>[],
  ): Promise<ReplyOf<typeof listLedgerEntries>[]> {
    return answerEach(batch, ({ data: { account_id: id, ...paging } }) => this.accounts.entries(id, paging));
  }

  @MessagePattern<string>(getTransfer.type)
  getTransfer(
    @Payload(batchOf(getTransfer)) batch: QueryOf<typeof getTransfer>[],
  ): Promise<ReplyOf<typeof getTransfer>[]> {
    return answerEach(batch, ({ data }) => this.transfers.execute(data.transfer_id));
  }
}

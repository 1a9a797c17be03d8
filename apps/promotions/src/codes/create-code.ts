import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { createPromoCode } from '#contracts/promotions/promo-codes.js';
import { Clock } from '#kernel/clock.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { replyOf } from '#messaging/requests/replies.js';
import { Transactions } from '#persistence/transaction.js';
import { type CodeView, codeView } from './code-view.js';
import { CodesStore } from './codes.store.js';
import { addDrafts, draftOf } from './steps/add-drafts.js';

/** Creates codes in sets. */
@Injectable()
export class CreateCode {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly codes: CodesStore,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Command<RequestOf<typeof createPromoCode>>[]): Promise<Reply<CodeView>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(tx, batch, async (fresh) => {
        const createdAt = this.clock.now();
        const drafts = fresh.map(({ data }) => draftOf(data, { createdBy: data.created_by, createdAt, batchId: null }));
        const created = await addDrafts(tx, this.codes, drafts);
        return created.map((code) => replyOf(code, (made) => codeView(made, createdAt)));
      }),
    );
  }
}

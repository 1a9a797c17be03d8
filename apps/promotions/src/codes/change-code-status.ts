import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { changeCodeStatus } from '#contracts/promotions/promo-codes.js';
import { Clock } from '#kernel/clock.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { sequentially } from '#messaging/requests/sequentially.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { type CodeView, codeView, differences } from './code-view.js';
import { CodesStore } from './codes.store.js';
import { activateCode, archiveCode, codeNotFound, type PromoCode, pauseCode } from './domain/code.js';

type Request = RequestOf<typeof changeCodeStatus>;

const actions = { activate: activateCode, pause: pauseCode, archive: archiveCode } as const;

/** Activates, pauses and archives codes under the locks of their rows. */
@Injectable()
export class ChangeCodeStatus {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly codes: CodesStore,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Command<Request>[]): Promise<Reply<CodeView>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(tx, batch, async (fresh) => {
        const locked = await this.codes.lock(
          tx,
          fresh.map(({ data }) => data.code_id),
        );
        return sequentially(fresh, async ({ data }) => {
          const changed = await this.change(tx, locked.get(data.code_id), data);
          locked.set(changed.id, changed);
          return codeView(changed, this.clock.now());
        });
      }),
    );
  }

  private async change(
    tx: Tx,
    code: PromoCode | undefined,
    { action, changed_by: changedBy }: Request,
  ): Promise<PromoCode> {
    if (!code) throw codeNotFound();
    const changed = actions[action](code, this.clock.now());
    if (changed === code) return code;
    await this.codes.save(tx, changed);
    await this.codes.addChange(tx, {
      codeId: code.id,
      version: changed.version,
      changedBy,
      at: changed.updatedAt,
      ...differences(code, changed),
    });
    return changed;
  }
}

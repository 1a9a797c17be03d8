import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { moveCodeStatus } from '#contracts/promo-codes.js';
import { Clock } from '#kernel/clock.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { sequentially } from '#messaging/sequentially.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { type CodeView, codeView, differences } from './code-wire.js';
import { CodesStore } from './codes.store.js';
import { archiveCode, codeNotFound, disableCode, enableCode, type PromoCode } from './domain/code.js';

type Request = RequestOf<typeof moveCodeStatus>;

const moves = { enable: enableCode, disable: disableCode, archive: archiveCode } as const;

/** Enables, disables and archives codes, under their locks. */
@Injectable()
export class MoveCodeStatus {
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
          const moved = await this.move(tx, locked.get(data.code_id), data);
          locked.set(moved.id, moved);
          return codeView(moved);
        });
      }),
    );
  }

  private async move(
    tx: Tx,
    code: PromoCode | undefined,
    { move, changed_by: changedBy }: Request,
  ): Promise<PromoCode> {
    if (!code) throw codeNotFound();
    const moved = moves[move](code, this.clock.now());
    if (moved === code) return code;
    await this.codes.save(tx, moved);
    const change = { codeId: code.id, version: moved.version, changedBy, at: moved.updatedAt };
    await this.codes.note(tx, { ...change, ...differences(code, moved) });
    return moved;
  }
}

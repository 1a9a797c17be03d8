import { Injectable } from '@nestjs/common';
import type { payOutBalance } from '#contracts/payments/corrections.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { zip } from '#kernel/zip.js';
import type { CommandOf, ReplyOf } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { replyOf } from '#messaging/requests/replies.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { lockLedger } from '../ledger/lock-ledger.js';
import { postTransfers } from '../ledger/post-transfers.js';
import { readPersonBalances } from '../ledger/read-balances.js';
import { authorOf } from './correction-journal.js';
import { addPayouts } from './correction-rows.js';
import { decidePayouts, type Payout } from './domain/decide-payouts.js';

type PayOut = CommandOf<typeof payOutBalance>;
type PaidOut = ReplyOf<typeof payOutBalance>;

/** An admin pays out what persons can spend. */
@Injectable()
export class PayOutBalance {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly PayOut[]): Promise<PaidOut[]> {
    return this.transactions.run((tx) => this.commands.answer(tx, batch, (fresh) => this.payOut(tx, fresh)));
  }

  private async payOut(tx: Tx, commands: readonly PayOut[]): Promise<PaidOut[]> {
    await lockLedger(tx);
    const wanted = commands.map(({ data: { person_id: personId, amount_minor: amountMinor, ...rest } }) => ({
      ...rest,
      personId,
      amountMinor,
    }));
    const { results, postings } = decidePayouts(wanted, await readPersonBalances(tx, wanted), newId);
    const now = this.clock.now();
    const payouts = zip(commands, results).flatMap(([command, result]) =>
      result instanceof Refusal ? [] : [{ ...result, author: authorOf(command) }],
    );
    if (payouts.length > 0) {
      await postTransfers(tx, postings, now);
      await addPayouts(tx, payouts, now);
    }
    return zip(commands, results).map(([{ data }, result]) =>
      replyOf(result, ({ id, availableMinor }: Payout) => ({
        payout_id: id,
        ...data,
        available_minor: availableMinor,
        recorded_at: now.toString(),
      })),
    );
  }
}

import { Injectable } from '@nestjs/common';
import type { writeOffShortfall } from '#contracts/payments/corrections.js';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import { zip } from '#kernel/zip.js';
import type { CommandOf, ReplyOf } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { replyOf } from '#messaging/requests/replies.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { lockLedger } from '../ledger/lock-ledger.js';
import { readPersonBalances } from '../ledger/read-balances.js';
import { fundReceivables } from '../receivables/funding/fund-receivables.js';
import { authorOf } from './correction-journal.js';
import { keepWriteOffs, receivablesOf } from './correction-rows.js';
import { decideWriteOffs, type WriteOff } from './domain/decide-write-offs.js';

type Write = CommandOf<typeof writeOffShortfall>;
type Written = ReplyOf<typeof writeOffShortfall>;

/**
 * An admin writes off what an open order is short of. That is a tolerance of this one order: its funding posts the
 * difference from the expense account, as it does within the tolerance of a class.
 */
@Injectable()
export class WriteOffShortfall {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Write[]): Promise<Written[]> {
    return this.transactions.run((tx) => this.commands.answer(tx, batch, (fresh) => this.writeOff(tx, fresh)));
  }

  private async writeOff(tx: Tx, commands: readonly Write[]): Promise<Written[]> {
    await lockLedger(tx);
    const wanted = commands.map(({ data }) => ({ orderId: data.order_id, atMostMinor: data.amount_minor }));
    const receivables = await receivablesOf(
      tx,
      wanted.map(({ orderId }) => orderId),
    );
    const balances = await readPersonBalances(tx, receivables);
    const known = receivables.map((one) => ({
      ...one,
      availableMinor: balances.spendableMinor(one.personId, one.currency),
    }));
    const results = decideWriteOffs(wanted, new Map(known.map((one) => [one.orderId, one])));
    const now = this.clock.now();
    const written = zip(commands, results).flatMap(([command, result]) =>
      result instanceof Refusal ? [] : [{ command, ...result }],
    );
    if (written.length > 0) {
      const rows = written.map(({ command, orderId, amountMinor }) => ({
        orderId,
        amountMinor,
        reason: command.data.reason,
        author: authorOf(command),
      }));
      await keepWriteOffs(tx, rows, now);
      await fundReceivables(
        tx,
        written.map(({ personId, currency, orderId, command }) => ({ personId, currency, orderId, cause: command })),
        now,
      );
    }
    return zip(commands, results).map(([{ data }, result]) =>
      replyOf(result, ({ orderId, personId, currency, amountMinor }: WriteOff) => ({
        order_id: orderId,
        person_id: personId,
        amount_minor: amountMinor,
        currency,
        reason: data.reason,
        recorded_at: now.toString(),
      })),
    );
  }
}

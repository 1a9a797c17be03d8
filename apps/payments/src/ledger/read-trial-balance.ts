import { Injectable } from '@nestjs/common';
import type { ResponseOf } from '#contracts/contract.js';
import type { getTrialBalance } from '#contracts/payments/accounts.js';
import { Clock } from '#kernel/clock.js';
import { Transactions } from '#persistence/transaction.js';

type TrialBalance = ResponseOf<typeof getTrialBalance>;
type KindRow = TrialBalance['currencies'][number]['accounts'][number] & { currency: string };

/** Debits and credits per currency and kind of account: they balance, or the ledger is broken. */
@Injectable()
export class ReadTrialBalance {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  async execute(): Promise<TrialBalance> {
    const rows = await this.transactions.query<KindRow>(
      `select currency, kind, count(*) as accounts,
         sum(debits_posted)::bigint as debits_minor, sum(credits_posted)::bigint as credits_minor,
         sum(credits_posted - debits_posted)::bigint as balance_minor,
         sum(debits_pending)::bigint as pending_debits_minor, sum(credits_pending)::bigint as pending_credits_minor
       from account group by currency, kind order by currency, kind`,
    );
    const byCurrency = Map.groupBy(rows, ({ currency }) => currency);
    const currencies = [...byCurrency].map(([currency, kinds]) => ({
      currency,
      sum_minor: kinds.reduce((sum, { balance_minor: balance }) => sum + balance, 0),
      accounts: kinds.map(({ currency: _, ...kind }) => kind),
    }));
    const balanced = currencies.every(({ sum_minor: sum }) => sum === 0);
    return { at: this.clock.now().toString(), balanced, currencies };
  }
}

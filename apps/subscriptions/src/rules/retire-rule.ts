import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { retireRule } from '#contracts/subscriptions/rules.js';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { sequentially } from '#messaging/requests/sequentially.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { type RuleView, ruleView } from './rule-view.js';
import { RulesStore } from './rules.store.js';

type Request = RequestOf<typeof retireRule>;

/**
 * Retires rules, or takes that back. The lock of a rule orders it with the publishing of versions: none comes after the
 * retirement. Refuses RULE_NOT_FOUND.
 */
@Injectable()
export class RetireRule {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly rules: RulesStore,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Command<Request>[]): Promise<Reply<RuleView>[]> {
    return this.changeEach(batch, (tx, ruleId) => this.rules.retire(tx, ruleId, this.clock.now()));
  }

  /** Takes retirements back. */
  reinstate(batch: readonly Command<Request>[]): Promise<Reply<RuleView>[]> {
    return this.changeEach(batch, (tx, ruleId) => this.rules.reinstate(tx, ruleId));
  }

  private changeEach(
    batch: readonly Command<Request>[],
    change: (tx: Tx, ruleId: string) => Promise<void>,
  ): Promise<Reply<RuleView>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(tx, batch, (fresh) =>
        sequentially(fresh, async ({ data: { rule_id: ruleId } }) => {
          await this.rules.lock(tx, ruleId);
          const newest = await this.rules.newest(ruleId, tx);
          if (!newest) throw new Refusal('RULE_NOT_FOUND', 'There is no such rule.', { field: 'rule_id' });
          await change(tx, ruleId);
          return ruleView(newest, await this.rules.retirements([ruleId], tx));
        }),
      ),
    );
  }
}

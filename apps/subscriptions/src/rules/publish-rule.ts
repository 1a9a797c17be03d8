import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { publishRule } from '#contracts/subscriptions/rules.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { sequentially } from '#messaging/requests/sequentially.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { ParameterTypesStore } from '../parameter-types/parameter-types.store.js';
import { checkPublishable, withKinds } from './domain/publishing.js';
import type { ParameterTemplate, RuleVersion } from './domain/rule.js';
import { exampleOf, type RuleView, ruleView } from './rule-view.js';
import { RulesStore } from './rules.store.js';

type Request = RequestOf<typeof publishRule>;

/**
 * Publishes the first or the next version of a rule.
 * Refuses RULE_NOT_FOUND, RULE_RETIRED, and the codes of `checkPublishable`.
 */
@Injectable()
export class PublishRule {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly rules: RulesStore,
    private readonly types: ParameterTypesStore,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Command<Request>[]): Promise<Reply<RuleView>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(tx, batch, (fresh) =>
        sequentially(fresh, async ({ data }) => {
          const draft = await this.draft(tx, data);
          const names = draft.template.map(({ type }) => type);
          const checks = await this.types.checksOf(names, tx);
          const rule = withKinds(draft, checks);
          checkPublishable(rule, checks);
          await this.rules.add(tx, rule);
          return ruleView(rule);
        }),
      ),
    );
  }

  private async draft(tx: Tx, data: Request): Promise<RuleVersion> {
    return {
      ruleId: data.rule_id ?? newId(),
      version: data.rule_id === undefined ? 1 : await this.nextVersion(tx, data.rule_id),
      title: data.title,
      description: data.description,
      method: data.method,
      template: data.parameters as ParameterTemplate[],
      examples: data.examples.map(exampleOf),
      publishedAt: this.clock.now(),
    };
  }

  private async nextVersion(tx: Tx, ruleId: string): Promise<number> {
    await this.rules.lock(tx, ruleId);
    const newest = await this.rules.newest(ruleId, tx);
    if (!newest) throw new Refusal('RULE_NOT_FOUND', 'There is no such rule.', { field: 'rule_id' });
    await this.rules.refuseRetired(tx, ruleId);
    return newest.version + 1;
  }
}

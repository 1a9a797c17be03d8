import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { getRule, listRules, publishRule } from '#contracts/subscriptions/rules.js';
import { Refusal } from '#kernel/refusal.js';
import type { CommandOf, QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { mapPage } from '#persistence/paging.js';
import { PublishRule } from './publish-rule.js';
import { ruleView } from './rule-view.js';
import { RulesStore } from './rules.store.js';

@Controller()
export class RulesConsumer {
  constructor(
    private readonly publishing: PublishRule,
    private readonly rules: RulesStore,
  ) {}

  @MessagePattern<string>(publishRule.type)
  publishRule(
    @Payload(batchOf(publishRule)) batch: CommandOf<typeof publishRule>[],
  ): Promise<ReplyOf<typeof publishRule>[]> {
    return this.publishing.execute(batch);
  }

  @MessagePattern<string>(getRule.type)
  getRule(@Payload(batchOf(getRule)) batch: QueryOf<typeof getRule>[]): Promise<ReplyOf<typeof getRule>[]> {
    return answerEach(batch, async ({ data: { rule_id: ruleId, version } }) => {
      const rule = await (version === undefined ? this.rules.newest(ruleId) : this.rules.find({ ruleId, version }));
      if (!rule) throw new Refusal('RULE_NOT_FOUND', 'There is no such rule.', { field: 'rule_id' });
      return ruleView(rule);
    });
  }

  @MessagePattern<string>(listRules.type)
  listRules(@Payload(batchOf(listRules)) batch: QueryOf<typeof listRules>[]): Promise<ReplyOf<typeof listRules>[]> {
    return answerEach(batch, async ({ data }) => mapPage(await this.rules.list(data), ruleView));
  }
}

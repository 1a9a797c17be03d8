import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { listMethods, previewRule } from '#contracts/subscriptions/rule-previews.js';
import { getRule, listRules, publishRule, reinstateRule, retireRule } from '#contracts/subscriptions/rules.js';
import type { CommandOf, QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { mapPage } from '#persistence/paging.js';
import { allMethods } from './domain/methods/registry.js';
import { PreviewRule } from './preview-rule.js';
import { PublishRule } from './publish-rule.js';
import { RetireRule } from './retire-rule.js';
import { methodView } from './rule-preview-view.js';
import { ruleView } from './rule-view.js';
import { RulesStore } from './rules.store.js';

@Controller()
export class RulesConsumer {
  constructor(
    private readonly publishing: PublishRule,
    private readonly previewing: PreviewRule,
    private readonly retiring: RetireRule,
    private readonly rules: RulesStore,
  ) {}

  @MessagePattern<string>(publishRule.type)
  publishRule(
    @Payload(batchOf(publishRule)) batch: CommandOf<typeof publishRule>[],
  ): Promise<ReplyOf<typeof publishRule>[]> {
    return this.publishing.execute(batch);
  }

  @MessagePattern<string>(retireRule.type)
  retireRule(
    @Payload(batchOf(retireRule)) batch: CommandOf<typeof retireRule>[],
  ): Promise<ReplyOf<typeof retireRule>[]> {
    return this.retiring.execute(batch);
  }

  @MessagePattern<string>(reinstateRule.type)
  reinstateRule(
    @Payload(batchOf(reinstateRule)) batch: CommandOf<typeof reinstateRule>[],
  ): Promise<ReplyOf<typeof reinstateRule>[]> {
    return this.retiring.reinstate(batch);
  }

  @MessagePattern<string>(getRule.type)
  getRule(@Payload(batchOf(getRule)) batch: QueryOf<typeof getRule>[]): Promise<ReplyOf<typeof getRule>[]> {
    return answerEach(batch, async ({ data }) => {
      const rule = await this.rules.get(data.rule_id, data.version);
      return ruleView(rule, await this.rules.retirements([rule.ruleId]));
    });
  }

  @MessagePattern<string>(listMethods.type)
  listMethods(
    @Payload(batchOf(listMethods)) batch: QueryOf<typeof listMethods>[],
  ): Promise<ReplyOf<typeof listMethods>[]> {
    return answerEach(batch, async () => ({ items: allMethods.map(methodView) }));
  }

  @MessagePattern<string>(previewRule.type)
  previewRule(
    @Payload(batchOf(previewRule)) batch: QueryOf<typeof previewRule>[],
  ): Promise<ReplyOf<typeof previewRule>[]> {
    return answerEach(batch, ({ data }) => this.previewing.execute(data));
  }

  @MessagePattern<string>(listRules.type)
  listRules(@Payload(batchOf(listRules)) batch: QueryOf<typeof listRules>[]): Promise<ReplyOf<typeof listRules>[]> {
    return answerEach(batch, async ({ data }) => {
      const page = await this.rules.list(data);
      const retirements = await this.rules.retirements(page.items.map(({ ruleId }) => ruleId));
      return mapPage(page, (rule) => ruleView(rule, retirements));
    });
  }
}

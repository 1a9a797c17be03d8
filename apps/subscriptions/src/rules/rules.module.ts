import { Module } from '@nestjs/common';
import { ParameterTypesModule } from '../parameter-types/parameter-types.module.js';
import { PreviewRule } from './preview-rule.js';
import { PublishRule } from './publish-rule.js';
import { RetireRule } from './retire-rule.js';
import { RulesConsumer } from './rules.consumer.js';
import { RulesStore } from './rules.store.js';

/** Rules: publishing versions, trying and reading them. */
@Module({
  imports: [ParameterTypesModule],
  controllers: [RulesConsumer],
  providers: [RulesStore, PublishRule, RetireRule, PreviewRule],
  exports: [RulesStore],
})
export class RulesModule {}

import { Module } from '@nestjs/common';
import { ParameterTypesModule } from '../parameter-types/parameter-types.module.js';
import { PublishRule } from './publish-rule.js';
import { RulesConsumer } from './rules.consumer.js';
import { RulesStore } from './rules.store.js';

/** Rules: publishing versions and reading them. */
@Module({
  imports: [ParameterTypesModule],
  controllers: [RulesConsumer],
  providers: [RulesStore, PublishRule],
  exports: [RulesStore],
})
export class RulesModule {}

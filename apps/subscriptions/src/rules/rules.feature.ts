import type { Feature } from '#jobs/feature.js';
import { PublishRule } from './publish-rule.js';
import { RulesConsumer } from './rules.consumer.js';
import { RulesStore } from './rules.store.js';

export const rules: Feature = {
  controllers: [RulesConsumer],
  providers: [RulesStore, PublishRule],
};

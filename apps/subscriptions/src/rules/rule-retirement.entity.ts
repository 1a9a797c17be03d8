import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';

/** One row per retired rule. It is deleted when the retirement is taken back. */
export const RuleRetirementEntity = defineEntity({
  name: 'RuleRetirement',
  tableName: 'rule_retirements',
  properties: {
    ruleId: p.uuid().primary(),
    retiredAt: column.instant(),
  },
});

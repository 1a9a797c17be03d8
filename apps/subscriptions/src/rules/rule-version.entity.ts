import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';
import type { ParameterTemplate } from './domain/rule.js';
import type { ExampleView } from './rule-view.js';

/** One row per published version of a rule. A row never changes after its insert. */
export const RuleVersionEntity = defineEntity({
  name: 'RuleVersion',
  tableName: 'rule_versions',
  properties: {
    ruleId: p.uuid().primary(),
    version: p.integer().check('version >= 1').primary(),
    title: p.text(),
    description: p.text(),
    method: p.text(),
    template: column.jsonb<readonly ParameterTemplate[]>(),
    examples: column.jsonb<readonly ExampleView[]>(),
    publishedAt: column.instant(),
  },
});

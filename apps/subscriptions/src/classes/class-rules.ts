import { Injectable } from '@nestjs/common';
import { Refusal } from '#kernel/refusal.js';
import type { Tx } from '#persistence/transaction.js';
import { ParameterTypesStore } from '../parameter-types/parameter-types.store.js';
import type { RuleVersion } from '../rules/domain/rule.js';
import { RulesStore } from '../rules/rules.store.js';
import { type ClassTerms, checkTerms } from './domain/class.js';

/** Loads what the terms of a class are checked against. */
@Injectable()
export class ClassRules {
  constructor(
    private readonly rules: RulesStore,
    private readonly types: ParameterTypesStore,
  ) {}

  /**
   * The newest version of the rule, when the terms fit it.
   * @throws Refusal RULE_NOT_FOUND, and those of checkTerms
   */
  async check(tx: Tx, ruleId: string, terms: ClassTerms): Promise<RuleVersion> {
    const rule = await this.rules.newest(ruleId, tx);
    if (!rule) throw new Refusal('RULE_NOT_FOUND', 'There is no such rule.', { field: 'rule_id' });
    const names = rule.template.map(({ type }) => type);
    checkTerms(terms, rule, await this.types.checksOf(tx, names));
    return rule;
  }
}

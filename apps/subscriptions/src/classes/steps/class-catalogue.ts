import { Injectable } from '@nestjs/common';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import type { Tx } from '#persistence/transaction.js';
import { ParameterTypesStore } from '../../parameter-types/parameter-types.store.js';
import type { RuleVersion } from '../../rules/domain/rule.js';
import { RulesStore } from '../../rules/rules.store.js';
import { ClassesStore } from '../classes.store.js';
import { type ClassTerms, checkCapacity, checkTerms, type PublishedClass } from '../domain/class.js';

/** A class and the version of its rule that its terms were checked against. */
export interface CheckedClass {
  readonly published: PublishedClass;
  readonly rule: RuleVersion;
}

/** Stores classes whose terms fit the newest version of their rule. */
@Injectable()
export class ClassCatalogue {
  constructor(
    private readonly rules: RulesStore,
    private readonly types: ParameterTypesStore,
    private readonly classes: ClassesStore,
  ) {}

  /** @throws Refusal RULE_NOT_FOUND, RULE_RETIRED, and those of checkTerms */
  async add(tx: Tx, ruleId: string, terms: ClassTerms, publishedAt: Temporal.Instant): Promise<CheckedClass> {
    await this.rules.refuseRetired(tx, ruleId);
    const rule = await this.check(tx, ruleId, terms);
    const { version: ruleVersion } = rule;
    const published = { ...terms, id: newId(), ruleId, ruleVersion, seatsTaken: 0, publishedAt };
    await this.classes.add(tx, published);
    return { published, rule };
  }

  /** The classes among `ids` that exist, by id, locked until the end of the transaction. */
  async lock(tx: Tx, ids: readonly string[]): Promise<Map<string, PublishedClass>> {
    return new Map(await this.classes.lock(tx, ids));
  }

  /**
   * Gives new terms to a locked class; it moves to the newest version of its rule.
   * @throws Refusal CAPACITY_BELOW_SEATS_TAKEN, RULE_NOT_FOUND, RULE_RETIRED, and those of checkTerms
   */
  async change(tx: Tx, locked: PublishedClass, ruleId: string, terms: ClassTerms): Promise<CheckedClass> {
    checkCapacity(terms.capacity, locked.seatsTaken);
    // A class that has a retired rule goes on with it.
    if (ruleId !== locked.ruleId) await this.rules.refuseRetired(tx, ruleId);
    const rule = await this.check(tx, ruleId, terms);
    const published = { ...locked, ...terms, ruleId, ruleVersion: rule.version };
    await this.classes.save(tx, published);
    return { published, rule };
  }

  private async check(tx: Tx, ruleId: string, terms: ClassTerms): Promise<RuleVersion> {
    const rule = await this.rules.newest(ruleId, tx);
    if (!rule) throw new Refusal('RULE_NOT_FOUND', 'There is no such rule.', { field: 'rule_id' });
    const names = rule.template.map(({ type }) => type);
    checkTerms(terms, rule, await this.types.checksOf(names, tx));
    return rule;
  }
}

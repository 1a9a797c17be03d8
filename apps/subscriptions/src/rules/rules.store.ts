import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { assert } from '#kernel/assert.js';
import { Refusal } from '#kernel/refusal.js';
import { anyOf } from '#persistence/entities/any-of.js';
import { mapPage, type Page, type Paging, pageOf } from '#persistence/paging.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { keyOf, type RuleVersion, type VersionKey } from './domain/rule.js';
import { RuleRetirementEntity } from './rule-retirement.entity.js';
import { RuleVersionEntity } from './rule-version.entity.js';
import { type ExampleView, exampleOf, exampleView } from './rule-view.js';

type Source = Pick<Tx, 'kysely'>;

/** The condition of a list; absent it selects every rule. */
interface RulesFilter {
  readonly retired?: boolean | undefined;
}

/** Every published version of every rule. */
@Injectable()
export class RulesStore {
  /** A published version never changes, so the process reads it once. */
  private readonly cached = new Map<string, RuleVersion>();
  /** The number of cached versions. Beyond it the cache is cleared; rules are few. */
  protected readonly cachedMax: number = 5_000;

  constructor(private readonly transactions: Transactions) {}

  /** Serialises the publishing of one rule's versions until the end of the transaction. */
  async lock(tx: Tx, ruleId: string): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtext('rule'), hashtext($1))`, [ruleId]);
  }

  async add(tx: Tx, rule: RuleVersion): Promise<void> {
    await tx
      .kysely(RuleVersionEntity)
      .insertInto('rule_versions')
      .values({ ...rule, examples: rule.examples.map(exampleView) })
      .execute();
  }

  /** The newest version of the rule, if the rule exists. */
  async newest(ruleId: string, source: Source = this.transactions): Promise<RuleVersion | undefined> {
    const row = await versions(source)
      .selectAll()
      .where('ruleId', '=', ruleId)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row && ruleOf(row);
  }

  /** The named versions, by `keyOf`. Every key comes from this store, so each version exists. */
  async versions(
    keys: readonly VersionKey[],
    source: Source = this.transactions,
  ): Promise<ReadonlyMap<string, RuleVersion>> {
    const found = new Map(keys.map((key) => [keyOf(key), this.cached.get(keyOf(key))]));
    const missing = keys.filter((key) => !found.get(keyOf(key)));
    if (missing.length > 0) {
      const ids = missing.map(({ ruleId }) => ruleId);
      const numbers = missing.map(({ version }) => version);
      const rows = await versions(source)
        .selectAll()
        .where(sql<boolean>`(rule_id, version) in (select * from unnest(${ids}::uuid[], ${numbers}::int[]))`)
        .execute();
      for (const rule of rows.map(ruleOf)) found.set(keyOf(rule), this.cache(rule));
    }
    return new Map(
      keys.map((key) => {
        const rule = found.get(keyOf(key));
        assert(rule, `version ${key.version} of rule ${key.ruleId} exists`);
        return [keyOf(key), rule];
      }),
    );
  }

  private cache(rule: RuleVersion): RuleVersion {
    if (this.cached.size >= this.cachedMax) this.cached.clear();
    this.cached.set(keyOf(rule), rule);
    return rule;
  }

  /** Retires a rule; one that is retired stays so since then. */
  async retire(tx: Tx, ruleId: string, retiredAt: Temporal.Instant): Promise<void> {
    await tx
      .kysely(RuleRetirementEntity)
      .insertInto('rule_retirements')
      .values({ ruleId, retiredAt })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  /** Takes the retirement of a rule back. */
  async reinstate(tx: Tx, ruleId: string): Promise<void> {
    await tx.kysely(RuleRetirementEntity).deleteFrom('rule_retirements').where('ruleId', '=', ruleId).execute();
  }

  /** Since when the retired ones among these rules are retired, by id. */
  async retirements(
    ruleIds: readonly string[],
    source: Source = this.transactions,
  ): Promise<ReadonlyMap<string, Temporal.Instant>> {
    const rows = await source
      .kysely(RuleRetirementEntity)
      .selectFrom('rule_retirements')
      .selectAll()
      .where('ruleId', '=', anyOf(ruleIds))
      .execute();
    return new Map(rows.map(({ ruleId, retiredAt }) => [ruleId, retiredAt]));
  }

  /** @throws Refusal RULE_RETIRED */
  async refuseRetired(tx: Tx, ruleId: string): Promise<void> {
    const retiredAt = (await this.retirements([ruleId], tx)).get(ruleId);
    if (!retiredAt) return;
    throw new Refusal('RULE_RETIRED', 'This rule is retired.', { field: 'rule_id', retired_at: retiredAt.toString() });
  }

  /** A version of a rule, the newest by default. @throws Refusal RULE_NOT_FOUND */
  async get(ruleId: string, version?: number): Promise<RuleVersion> {
    const rule = await (version === undefined ? this.newest(ruleId) : this.find({ ruleId, version }));
    if (!rule) throw new Refusal('RULE_NOT_FOUND', 'There is no such rule.', { field: 'rule_id' });
    return rule;
  }

  async find({ ruleId, version }: VersionKey): Promise<RuleVersion | undefined> {
    const row = await versions(this.transactions)
      .selectAll()
      .where('ruleId', '=', ruleId)
      .where('version', '=', version)
      .executeTakeFirst();
    return row && ruleOf(row);
  }

  /** The newest version of each rule, the newest rule first: the ids grow with time. */
  async list({ retired, ...paging }: RulesFilter & Paging): Promise<Page<RuleVersion>> {
    let matching = this.transactions
      .kysely(RuleVersionEntity, RuleRetirementEntity)
      .selectFrom('rule_versions')
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('rule_versions as later')
              .whereRef('later.ruleId', '=', 'rule_versions.ruleId')
              .whereRef('later.version', '>', 'rule_versions.version'),
          ),
        ),
      );
    if (retired !== undefined) {
      matching = matching.where(({ not, exists, selectFrom }) => {
        const isRetired = exists(
          selectFrom('rule_retirements').whereRef('rule_retirements.ruleId', '=', 'rule_versions.ruleId'),
        );
        return retired ? isRetired : not(isRetired);
      });
    }
    const order = { by: ['ruleId'], direction: 'desc' } as const;
    return mapPage(await pageOf({ matching, selected: matching.selectAll(), order }, paging), ruleOf);
  }
}

function versions(source: Source) {
  return source.kysely(RuleVersionEntity).selectFrom('rule_versions');
}

function ruleOf(row: Omit<RuleVersion, 'examples'> & { readonly examples: readonly ExampleView[] }): RuleVersion {
  return { ...row, examples: row.examples.map(exampleOf) };
}

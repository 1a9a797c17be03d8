import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { assert } from '#kernel/assert.js';
import { Refusal } from '#kernel/refusal.js';
import { mapPage, type Page, type Paging, pageOf } from '#persistence/paging.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { keyOf, type RuleVersion, type VersionKey } from './domain/rule.js';
import { RuleVersionEntity } from './rule-version.entity.js';
import { type ExampleView, exampleOf, exampleView } from './rule-view.js';

type Source = Pick<Tx, 'kysely'>;

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
  async list(paging: Paging): Promise<Page<RuleVersion>> {
    const matching = versions(this.transactions).where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('rule_versions as later')
            .whereRef('later.ruleId', '=', 'rule_versions.ruleId')
            .whereRef('later.version', '>', 'rule_versions.version'),
        ),
      ),
    );
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

import { Injectable } from '@nestjs/common';
import { assert } from '#kernel/assert.js';
import { offsetOf, type Page, type Paging, pageOf } from '#persistence/paging.js';
import { type Sql, Transactions, type Tx } from '#persistence/transaction.js';
import { keyOf, type ParameterTemplate, type RuleVersion, type VersionKey } from './domain/rule.js';
import { exampleFromWire, exampleToWire } from './rule-wire.js';

interface Row {
  rule_id: string;
  version: number;
  title: string;
  description: string;
  method: string;
  template: ParameterTemplate[];
  examples: Parameters<typeof exampleFromWire>[0][];
  published_at: Temporal.Instant;
}

/** Whether a row of `rule_versions` is the newest version of its rule. */
const isNewest = `not exists (select from rule_versions later
                 where later.rule_id = rule_versions.rule_id and later.version > rule_versions.version)`;

/** Every version of every rule that was published. */
@Injectable()
export class RulesStore {
  /** A published version never changes, so it is read once. */
  private readonly kept = new Map<string, RuleVersion>();
  /** How many versions are kept in memory. Rules are few; the bound is there so that there is one. */
  protected readonly keptMax: number = 5_000;

  constructor(private readonly transactions: Transactions) {}

  /** Serialises the publishing of one rule's versions until the end of the transaction. */
  async lock(tx: Tx, ruleId: string): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtext('rule'), hashtext($1))`, [ruleId]);
  }

  async add(tx: Tx, rule: RuleVersion): Promise<void> {
    await tx.query(
      `insert into rule_versions (rule_id, version, title, description, method, template, examples, published_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        rule.ruleId,
        rule.version,
        rule.title,
        rule.description,
        rule.method,
        JSON.stringify(rule.template),
        JSON.stringify(rule.examples.map(exampleToWire)),
        rule.publishedAt,
      ],
    );
  }

  async newest(ruleId: string, source: Sql = this.transactions): Promise<RuleVersion | undefined> {
    const [row] = await source.query<Row>(
      `select * from rule_versions where rule_id = $1 order by version desc limit 1`,
      [ruleId],
    );
    return row && ruleOf(row);
  }

  /** The named versions, by `keyOf`. They exist: whoever names a version got it from here. */
  async versions(
    keys: readonly VersionKey[],
    source: Sql = this.transactions,
  ): Promise<ReadonlyMap<string, RuleVersion>> {
    const found = new Map(keys.map((key) => [keyOf(key), this.kept.get(keyOf(key))]));
    const missing = keys.filter((key) => !found.get(keyOf(key)));
    if (missing.length > 0) {
      const rows = await source.query<Row>(
        `select rule_versions.* from rule_versions
         join (select distinct * from unnest($1::uuid[], $2::int[]) as wanted (rule_id, version)) wanted
           using (rule_id, version)`,
        [missing.map(({ ruleId }) => ruleId), missing.map(({ version }) => version)],
      );
      for (const rule of rows.map(ruleOf)) found.set(keyOf(rule), this.keep(rule));
    }
    return new Map(
      keys.map((key) => {
        const rule = found.get(keyOf(key));
        assert(rule, `version ${key.version} of rule ${key.ruleId} exists`);
        return [keyOf(key), rule];
      }),
    );
  }

  private keep(rule: RuleVersion): RuleVersion {
    if (this.kept.size >= this.keptMax) this.kept.clear();
    this.kept.set(keyOf(rule), rule);
    return rule;
  }

  async find({ ruleId, version }: VersionKey): Promise<RuleVersion | undefined> {
    const [row] = await this.transactions.query<Row>(
      `select * from rule_versions where rule_id = $1 and version = $2`,
      [ruleId, version],
    );
    return row && ruleOf(row);
  }

  /** The newest version of each rule, by title. */
  async list(paging: Paging): Promise<Page<RuleVersion>> {
    const [counted] = await this.transactions.query<{ total: number }>(
      `select count(distinct rule_id) as total from rule_versions`,
    );
    const rows = await this.transactions.query<Row>(
      `select * from rule_versions where ${isNewest} order by title, rule_id limit $1 offset $2`,
      [paging.limit, offsetOf(paging)],
    );
    return pageOf(rows.map(ruleOf), counted, paging);
  }
}

function ruleOf(row: Row): RuleVersion {
  return {
    ruleId: row.rule_id,
    version: row.version,
    title: row.title,
    description: row.description,
    method: row.method,
    template: row.template,
    examples: row.examples.map(exampleFromWire),
    publishedAt: row.published_at,
  };
}

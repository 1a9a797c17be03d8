import { Injectable } from '@nestjs/common';
import { foldCode } from '#contracts/promotions/fold-code.js';
import type { Sql } from '#persistence/transaction.js';
import type { CodeRules } from '../domain/code-rules.js';
import {
  type EvaluatedCode,
  type EvaluationContext,
  evaluateRequest,
  isIneligible,
  missingCodeId,
  noPersons,
  type RedemptionRequest,
  rulesNamed,
} from '../domain/redemption-request.js';
import { RedemptionsStore } from '../redemptions.store.js';

/** The maximum of cached codes. The oldest entry is evicted first. */
const cachedMax = 10_000;

/**
 * Reads the rules of the requested codes in one statement, and the audience of selective codes in a second one. Then
 * evaluates each request.
 *
 * Active codes that are requested by id are cached, because a hot code is requested thousands of times between two
 * edits. The cache never decides alone: the database admits only if version and status are the same under the lock of
 * the code, and a request that cached rules refuse is evaluated again with rules from the table. Codes that a person
 * typed are read each time, and so is their audience. So the response time does not disclose which
 * codes exist and which are selective.
 */
@Injectable()
export class EvaluateRequests {
  private readonly cache = new Map<string, CodeRules>();

  constructor(private readonly redemptions: RedemptionsStore) {}

  /** `anew` ignores the cache, because the database replied that cached rules are out of date. */
  async execute(
    sql: Sql,
    requests: readonly RedemptionRequest[],
    now: Temporal.Instant,
    { anew = false } = {},
  ): Promise<EvaluatedCode[][]> {
    const cached = anew ? new Map<string, CodeRules>() : this.cachedRulesOf(requests);
    const evaluated = await this.evaluate(sql, requests, now, cached);
    const stands = cached.size === 0 || !evaluated.some(isIneligible);
    return stands ? evaluated : this.evaluate(sql, requests, now, new Map());
  }

  private async evaluate(
    sql: Sql,
    requests: readonly RedemptionRequest[],
    now: Temporal.Instant,
    cached: ReadonlyMap<string, CodeRules>,
  ): Promise<EvaluatedCode[][]> {
    const codes = await this.find(sql, requests, cached);
    const selective = requests.flatMap(({ codes: names, personId }) =>
      names.flatMap((name) => {
        const found = rulesNamed(name, { codes });
        const isChecked = 'written' in name || (found !== null && found.audience !== 'everyone');
        return isChecked ? [{ codeId: found?.id ?? missingCodeId, personId }] : [];
      }),
    );
    const audience = selective.length > 0 ? await this.redemptions.audience(sql, selective) : noPersons;
    const context: EvaluationContext = { codes, ...audience };
    return requests.map((request) => evaluateRequest(request, context, now));
  }

  private cachedRulesOf(requests: readonly RedemptionRequest[]): Map<string, CodeRules> {
    const cached = new Map<string, CodeRules>();
    for (const name of requests.flatMap(({ codes }) => codes)) {
      const found = 'id' in name && this.cache.get(name.id);
      if (found) cached.set(found.id, found);
    }
    return cached;
  }

  private async find(
    sql: Sql,
    requests: readonly RedemptionRequest[],
    cached: ReadonlyMap<string, CodeRules>,
  ): Promise<Map<string, CodeRules>> {
    const names = requests.flatMap(({ codes }) => codes);
    const written = names.flatMap((name) => ('written' in name ? [foldCode(name.written)] : []));
    const ids = new Set(names.flatMap((name) => ('id' in name && !cached.has(name.id) ? [name.id] : [])));
    if (written.length + ids.size === 0) return new Map(cached);
    const read = await this.redemptions.findRules(sql, written, [...ids]);
    for (const id of ids) this.store(id, read.get(id));
    return new Map([...cached, ...read]);
  }

  private store(id: string, rules: CodeRules | undefined): void {
    this.cache.delete(id);
    if (rules?.status !== 'active') return;
    this.cache.set(id, rules);
    const [oldest] = this.cache.keys();
    if (this.cache.size > cachedMax && oldest) this.cache.delete(oldest);
  }
}

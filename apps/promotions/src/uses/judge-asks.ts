import { Injectable } from '@nestjs/common';
import { foldCode } from '#contracts/fold-code.js';
import type { Sql } from '#persistence/transaction.js';
import { type Ask, isRefused, type Judged, judgeAsk, type Knowledge, nobody, noCode, termsOf } from './asking.js';
import type { Terms } from './terms.js';
import { UsesStore } from './uses.store.js';

/** Codes that are remembered, the oldest go first. */
const keptMax = 10_000;

/**
 * Finds the codes that are asked for and asks their rules: one statement, and another where a code may choose its
 * persons.
 *
 * Codes that are named by their ids are remembered while they are active, since a hot code is asked for thousands of
 * times between two edits. That is safe because what is remembered decides nothing alone: whom it lets in the database
 * lets in only if version and status are the same under the code's lock, and whom it refuses is judged again by what is
 * read. Codes that somebody wrote are read each time, and their audience is asked for whatever it is, so that the time
 * does not tell which codes exist and which are for a few.
 */
@Injectable()
export class JudgeAsks {
  private readonly kept = new Map<string, Terms>();

  constructor(private readonly uses: UsesStore) {}

  /** `anew` when the database has said that what was remembered is out of date. */
  async execute(sql: Sql, asks: readonly Ask[], now: Temporal.Instant, { anew = false } = {}): Promise<Judged[][]> {
    const remembered = anew ? new Map<string, Terms>() : this.remembered(asks);
    const judged = await this.judge(sql, asks, now, remembered);
    const stands = remembered.size === 0 || !judged.some(isRefused);
    return stands ? judged : this.judge(sql, asks, now, new Map());
  }

  private async judge(
    sql: Sql,
    asks: readonly Ask[],
    now: Temporal.Instant,
    remembered: ReadonlyMap<string, Terms>,
  ): Promise<Judged[][]> {
    const terms = await this.find(sql, asks, remembered);
    const choosy = asks.flatMap(({ codes, personId }) =>
      codes.flatMap((name) => {
        const found = termsOf(name, { terms });
        const isAsked = 'written' in name || (found !== null && found.audience !== 'everyone');
        return isAsked ? [{ codeId: found?.id ?? noCode, personId }] : [];
      }),
    );
    const audience = choosy.length > 0 ? await this.uses.audience(sql, choosy) : nobody;
    const knowledge: Knowledge = { terms, ...audience };
    return asks.map((ask) => judgeAsk(ask, knowledge, now));
  }

  private remembered(asks: readonly Ask[]): Map<string, Terms> {
    const remembered = new Map<string, Terms>();
    for (const name of asks.flatMap(({ codes }) => codes)) {
      const kept = 'id' in name && this.kept.get(name.id);
      if (kept) remembered.set(kept.id, kept);
    }
    return remembered;
  }

  private async find(
    sql: Sql,
    asks: readonly Ask[],
    remembered: ReadonlyMap<string, Terms>,
  ): Promise<Map<string, Terms>> {
    const names = asks.flatMap(({ codes }) => codes);
    const written = names.flatMap((name) => ('written' in name ? [foldCode(name.written)] : []));
    const ids = new Set(names.flatMap((name) => ('id' in name && !remembered.has(name.id) ? [name.id] : [])));
    if (written.length + ids.size === 0) return new Map(remembered);
    const read = await this.uses.terms(sql, written, [...ids]);
    for (const id of ids) this.keep(id, read.get(id));
    return new Map([...remembered, ...read]);
  }

  private keep(id: string, terms: Terms | undefined): void {
    this.kept.delete(id);
    if (terms?.status !== 'active') return;
    this.kept.set(id, terms);
    const [oldest] = this.kept.keys();
    if (this.kept.size > keptMax && oldest) this.kept.delete(oldest);
  }
}

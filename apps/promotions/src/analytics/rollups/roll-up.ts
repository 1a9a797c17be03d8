import { Injectable } from '@nestjs/common';
import { AnalyticsStore } from '../analytics.store.js';

/** Codes that are looked for at once. */
const codesMax = 1_000;
/** Entries in one transaction, well within the time that a statement may take. */
const entriesMax = 20_000;

const firstId = '00000000-0000-0000-0000-000000000000';

/**
 * Brings the rollups up to the journal, set by set. What comes meanwhile is for the next time, so this ends. Nobody
 * waits for it: readers add what it has not taken in, so it decides how fast they are answered and never what.
 */
@Injectable()
export class RollUp {
  constructor(private readonly analytics: AnalyticsStore) {}

  /** @returns how many entries were taken in */
  async execute(): Promise<number> {
    let taken = 0;
    for (let after = firstId; ; ) {
      const behind = await this.analytics.behind(after, codesMax);
      for (const set of setsOf(behind)) taken += await this.take(set);
      const last = behind.at(-1);
      if (!last || behind.length < codesMax) return taken;
      after = last.code_id;
    }
  }

  private async take({ codeIds, pending }: CodeSet): Promise<number> {
    let left = pending;
    while (left > 0) {
      const taken = await this.analytics.rollUp(codeIds, entriesMax);
      if (taken === 0) break;
      left -= taken;
    }
    return pending - left;
  }
}

/** Codes whose new entries are taken in together, and how many those are. */
interface CodeSet {
  codeIds: string[];
  pending: number;
}

/** Many codes with few entries go together; one with many goes by itself. */
function setsOf(behind: readonly { code_id: string; pending: number }[]): CodeSet[] {
  const sets: CodeSet[] = [];
  for (const { code_id: codeId, pending } of behind) {
    const last = sets.at(-1);
    if (last && last.pending + pending <= entriesMax) {
      last.codeIds.push(codeId);
      last.pending += pending;
    } else {
      sets.push({ codeIds: [codeId], pending });
    }
  }
  return sets;
}

import { Injectable } from '@nestjs/common';
import type { Refusal } from '#kernel/refusal.js';
import type { Sql } from '#persistence/transaction.js';
import { noCode } from './asking.js';
import { strangersRefusal } from './refusals.js';
import { UsesStore } from './uses.store.js';

/** A refusal with its true reason, before it is known whether the one who asks may hear it. */
export interface PreciseRefusal {
  readonly refusal: Refusal;
  /** Null when there is no such code. */
  readonly codeId: string | null;
  /** Who would use the code. */
  readonly personId: string;
}

/** Gives the precise reason to holders of a code, and to strangers the one refusal that says nothing. */
@Injectable()
export class DiscloseRefusals {
  constructor(private readonly uses: UsesStore) {}

  /** What to say to each person, in order. The same work is done for codes that do not exist. */
  async execute(sql: Sql, refusals: readonly PreciseRefusal[]): Promise<Refusal[]> {
    if (refusals.length === 0) return [];
    const holders = await this.uses.holders(
      sql,
      refusals.map(({ codeId, personId }) => ({ codeId: codeId ?? noCode, personId })),
    );
    return refusals.map(({ refusal, codeId, personId }) =>
      holders.has(`${codeId} ${personId}`) ? refusal : strangersRefusal(),
    );
  }
}

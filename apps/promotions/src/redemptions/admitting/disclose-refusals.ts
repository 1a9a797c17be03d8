import { Injectable } from '@nestjs/common';
import type { Refusal } from '#kernel/refusal.js';
import type { Sql } from '#persistence/transaction.js';
import { missingCodeId } from '../domain/redemption-request.js';
import { undisclosedRefusal } from '../domain/refusals.js';
import { RedemptionsStore } from '../redemptions.store.js';

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
  constructor(private readonly redemptions: RedemptionsStore) {}

  /** What to say to each person, in order. The same work is done for codes that do not exist. */
  async execute(sql: Sql, refusals: readonly PreciseRefusal[]): Promise<Refusal[]> {
    if (refusals.length === 0) return [];
    const holders = await this.redemptions.holders(
      sql,
      refusals.map(({ codeId, personId }) => ({ codeId: codeId ?? missingCodeId, personId })),
    );
    return refusals.map(({ refusal, codeId, personId }) =>
      holders.has(`${codeId} ${personId}`) ? refusal : undisclosedRefusal(),
    );
  }
}

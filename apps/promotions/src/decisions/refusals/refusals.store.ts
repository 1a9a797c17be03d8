import { Injectable } from '@nestjs/common';
import { Transactions } from '#persistence/transaction.js';
import type { DateRange } from '../../analytics/domain/date-range.js';

/** The refusals of one reason on one day. */
export interface RefusalsOfDay {
  readonly day: Temporal.PlainDate;
  readonly reason: string;
  readonly refusals: number;
}

/** The sums of refusals, and the refusals that they do not include yet. */
@Injectable()
export class RefusalsStore {
  constructor(private readonly transactions: Transactions) {}

  /** One statement has one snapshot, so that each refusal counts once while the job moves it. */
  days(codeId: string, { from, to }: DateRange): Promise<RefusalsOfDay[]> {
    return this.transactions.query(
      `select day, reason, sum(refusals)::bigint as refusals
       from (
         select day, reason, refusals from rollup_refusal where code_id = $1 and day between $2 and $3
         union all
         select day, reason, 1 from refusal_not_rolled_up where code_id = $1 and day between $2 and $3
       ) as part
       group by day, reason
       order by day, refusals desc, reason`,
      [codeId, from, to],
    );
  }

  /** Adds at most `refusalsMax` refusals to the sums. @returns how many */
  async rollUp(refusalsMax: number): Promise<number> {
    const [row] = await this.transactions.query<{ added: number }>('select roll_up_refusals($1) as added', [
      refusalsMax,
    ]);
    return row?.added ?? 0;
  }
}

import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { listTopCodes } from '#contracts/promotions/promo-analytics.js';
import { Refusal } from '#kernel/refusal.js';
import { AnalyticsStore } from './analytics.store.js';
import { amountsOf, countsOf } from './domain/activity-totals.js';
import { dateRangeOf } from './domain/date-range.js';

/** The top codes of a date range, by redemptions, revenue or benefit. */
@Injectable()
export class RankCodes {
  constructor(private readonly analytics: AnalyticsStore) {}

  async execute(request: RequestOf<typeof listTopCodes>): Promise<ResponseOf<typeof listTopCodes>> {
    const { by, currency, limit } = request;
    if (by !== 'redemptions' && !currency) {
      throw new Refusal('CURRENCY_REQUIRED', 'Amounts are compared in one currency: name it.', { field: 'currency' });
    }
    const rows = await this.analytics.top(dateRangeOf(request), by, currency ?? null, limit);
    const items = [...Map.groupBy(rows, ({ place }) => place).values()].map((totals) => {
      const { code_id, code, title, kind } = totals[0] as (typeof rows)[number];
      return { code_id, code, title, kind, ...countsOf(totals), amounts: amountsOf(totals, kind) };
    });
    return { items };
  }
}

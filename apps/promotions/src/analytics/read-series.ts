import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { getCodeSeries } from '#contracts/promotions/promo-analytics.js';
import { Clock } from '#kernel/clock.js';
import { codeNotFound } from '../codes/domain/code.js';
import { AnalyticsStore } from './analytics.store.js';
import { amountsOf, countsOf } from './domain/activity-totals.js';
import { boundedDateRangeOf, daysOf } from './domain/date-range.js';

/** The activity of a code, day by day. */
@Injectable()
export class ReadSeries {
  constructor(
    private readonly analytics: AnalyticsStore,
    private readonly clock: Clock,
  ) {}

  async execute(request: RequestOf<typeof getCodeSeries>): Promise<ResponseOf<typeof getCodeSeries>> {
    const { code_id: codeId, owned_by: ownedBy } = request;
    const range = boundedDateRangeOf(request, this.clock.now());
    const [code, rows] = await Promise.all([this.analytics.code(codeId, ownedBy), this.analytics.days(codeId, range)]);
    if (!code) throw codeNotFound();
    const byDay = Map.groupBy(rows, ({ day }) => day.toString());
    const days = Array.from({ length: daysOf(range) }, (_, index) => {
      const day = range.from.add({ days: index }).toString();
      const totals = byDay.get(day) ?? [];
      return { day, ...countsOf(totals), amounts: amountsOf(totals, code.kind) };
    });
    return { code_id: codeId, code: code.code, from: range.from.toString(), to: range.to.toString(), days };
  }
}

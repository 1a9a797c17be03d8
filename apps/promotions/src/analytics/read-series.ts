import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { getCodeSeries } from '#contracts/promo-analytics.js';
import { Clock } from '#kernel/clock.js';
import { codeNotFound } from '../codes/domain/code.js';
import { AnalyticsStore } from './analytics.store.js';
import { amountsOf, countsOf } from './domain/activity-totals.js';
import { boundedDateRangeOf, daysOf } from './domain/date-range.js';

/** What happened with a code, day by day. */
@Injectable()
export class ReadSeries {
  constructor(
    private readonly analytics: AnalyticsStore,
    private readonly clock: Clock,
  ) {}

  async execute(request: RequestOf<typeof getCodeSeries>): Promise<ResponseOf<typeof getCodeSeries>> {
    const { code_id: codeId, owned_by: ownedBy } = request;
    const span = boundedDateRangeOf(request, this.clock.now());
    const [code, rows] = await Promise.all([this.analytics.code(codeId, ownedBy), this.analytics.days(codeId, span)]);
    if (!code) throw codeNotFound();
    const byDay = Map.groupBy(rows, ({ day }) => day.toString());
    const days = Array.from({ length: daysOf(span) }, (_, index) => {
      const day = span.from.add({ days: index }).toString();
      const happened = byDay.get(day) ?? [];
      return { day, ...countsOf(happened), amounts: amountsOf(happened, code.kind) };
    });
    return { code_id: codeId, code: code.code, from: span.from.toString(), to: span.to.toString(), days };
  }
}

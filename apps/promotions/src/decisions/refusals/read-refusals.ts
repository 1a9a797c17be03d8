import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { getCodeRefusals } from '#contracts/promotions/decision-receipts.js';
import { Clock } from '#kernel/clock.js';
import { boundedDateRangeOf, daysOf } from '../../analytics/domain/date-range.js';
import { CodesStore } from '../../codes/codes.store.js';
import { codeNotFound } from '../../codes/domain/code.js';
import { type RefusalsOfDay, RefusalsStore } from './refusals.store.js';

/** The refusals of a code, by reason and day. */
@Injectable()
export class ReadRefusals {
  constructor(
    private readonly codes: CodesStore,
    private readonly refusals: RefusalsStore,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal PROMO_CODE_NOT_FOUND, also for a code that is not `owned_by`; DATES_REVERSED, SPAN_TOO_LONG */
  async execute(request: RequestOf<typeof getCodeRefusals>): Promise<ResponseOf<typeof getCodeRefusals>> {
    const { code_id: codeId, owned_by: owner } = request;
    const range = boundedDateRangeOf(request, this.clock.now());
    const [code, rows] = await Promise.all([this.codes.find(codeId), this.refusals.days(codeId, range)]);
    if (!code || (owner !== null && code.ownerId !== owner)) throw codeNotFound();
    const byDay = Map.groupBy(rows, ({ day }) => day.toString());
    const days = Array.from({ length: daysOf(range) }, (_, index) => {
      const day = range.from.add({ days: index }).toString();
      const ofDay = byDay.get(day) ?? [];
      const reasons = ofDay.map(({ reason, refusals }) => ({ reason, refusals }));
      return { day, refusals: sumOf(ofDay), reasons };
    });
    return {
      code_id: codeId,
      code: code.code,
      from: range.from.toString(),
      to: range.to.toString(),
      refusals: sumOf(rows),
      reasons: [...Map.groupBy(rows, ({ reason }) => reason)]
        .map(([reason, ofReason]) => ({ reason, refusals: sumOf(ofReason) }))
        .sort((one, other) => other.refusals - one.refusals || one.reason.localeCompare(other.reason)),
      days,
    };
  }
}

function sumOf(rows: readonly RefusalsOfDay[]): number {
  return rows.reduce((sum, { refusals }) => sum + refusals, 0);
}

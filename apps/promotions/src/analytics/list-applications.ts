import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { exportUserApplications, listUserApplications, userApplication } from '#contracts/promo-analytics.js';
import { offsetOf } from '#persistence/paging.js';
import { codeNotFound } from '../codes/domain/code.js';
import { AnalyticsStore } from './analytics.store.js';
import { majorUnits } from './major-units.js';
import { type Redemption, RedemptionsStore } from './redemptions.store.js';

type Told = z.output<typeof userApplication>;

/** Who used a code for what, newest first: in pages, and piece by piece for an export. */
@Injectable()
export class ListApplications {
  constructor(
    private readonly analytics: AnalyticsStore,
    private readonly redemptions: RedemptionsStore,
  ) {}

  async page(request: RequestOf<typeof listUserApplications>): Promise<ResponseOf<typeof listUserApplications>> {
    const { code_id: codeId, page, limit } = request;
    const [code, found] = await Promise.all([
      this.analytics.code(codeId, null),
      this.redemptions.page(codeId, { total: request.total ?? null, offset: offsetOf(request), limit }),
    ]);
    if (!code) throw codeNotFound();
    return { applications: found.redemptions.map(told), total: found.total, page, limit };
  }

  async piece(request: RequestOf<typeof exportUserApplications>): Promise<ResponseOf<typeof exportUserApplications>> {
    const { code_id: codeId, below, limit } = request;
    const [code, found] = await Promise.all([
      this.analytics.code(codeId, null),
      this.redemptions.below(codeId, below, limit),
    ]);
    if (!code) throw codeNotFound();
    const last = found.length === limit ? found.at(-1) : undefined;
    return {
      code: code.code,
      applications: found.map((redemption) => ({ ...told(redemption), currency: redemption.currency })),
      next: last?.entryNo ?? null,
    };
  }
}

function told(redemption: Redemption): Told {
  const { bonusMinor, currency } = redemption;
  return {
    user_id: redemption.personId,
    username: redemption.username,
    email: redemption.email,
    offer_id: redemption.offerId,
    offer_name: redemption.offerName,
    applied_at: redemption.appliedAt.toString(),
    bonus_earned: currency ? majorUnits(bonusMinor, currency) : 0,
    conversion_id: redemption.conversionId,
  };
}

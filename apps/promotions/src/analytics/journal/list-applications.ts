import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type {
  exportUserApplications,
  listUserApplications,
  userApplication,
} from '#contracts/promotions/promo-analytics.js';
import { codeNotFound } from '../../codes/domain/code.js';
import { AnalyticsStore } from '../analytics.store.js';
import { majorUnits } from '../domain/major-units.js';
import { type JournalledRedemption, JournalStore } from './journal.store.js';

type UserApplication = z.output<typeof userApplication>;

/** Who used a code for what, newest first: in pages, and piece by piece for an export. */
@Injectable()
export class ListApplications {
  constructor(
    private readonly analytics: AnalyticsStore,
    private readonly journal: JournalStore,
  ) {}

  async page(request: RequestOf<typeof listUserApplications>): Promise<ResponseOf<typeof listUserApplications>> {
    const { code_id: codeId, total, ...paging } = request;
    const [code, { items: applications, ...page }] = await Promise.all([
      this.analytics.code(codeId, null),
      this.journal.page(codeId, total ?? null, paging),
    ]);
    if (!code) throw codeNotFound();
    return { applications: applications.map(viewOf), ...page };
  }

  async piece(request: RequestOf<typeof exportUserApplications>): Promise<ResponseOf<typeof exportUserApplications>> {
    const { code_id: codeId, below, limit } = request;
    const [code, found] = await Promise.all([
      this.analytics.code(codeId, null),
      this.journal.below(codeId, below, limit),
    ]);
    if (!code) throw codeNotFound();
    const last = found.length === limit ? found.at(-1) : undefined;
    return {
      code: code.code,
      applications: found.map((redemption) => ({ ...viewOf(redemption), currency: redemption.currency })),
      next: last?.entryNo ?? null,
    };
  }
}

function viewOf(redemption: JournalledRedemption): UserApplication {
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

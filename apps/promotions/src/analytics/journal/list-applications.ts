import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type {
  exportUserApplications,
  listUserApplications,
  userApplication,
} from '#contracts/promotions/promo-analytics.js';
import { codeNotFound } from '../../codes/domain/code.js';
import { offerIdOf } from '../../offers/domain/offer.js';
import { AnalyticsStore } from '../analytics.store.js';
import { dateRangeOf } from '../domain/date-range.js';
import { majorUnits } from '../domain/major-units.js';
import { type ApplicationFilter, type JournalledRedemption, JournalStore } from './journal.store.js';

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
    const filter = filterOf(request);
    const [code, { items: applications, ...page }] = await Promise.all([
      this.analytics.code(codeId, null),
      filter ? this.journal.filtered(codeId, filter, paging) : this.journal.page(codeId, total ?? null, paging),
    ]);
    if (!code) throw codeNotFound();
    return { applications: applications.map(viewOf), ...page };
  }

  async piece(request: RequestOf<typeof exportUserApplications>): Promise<ResponseOf<typeof exportUserApplications>> {
    const { code_id: codeId, below, limit } = request;
    const [code, found] = await Promise.all([
      this.analytics.code(codeId, null),
      this.journal.below(codeId, { below, limit }, filterOf(request)),
    ]);
    if (!code) throw codeNotFound();
    const last = found.length === limit ? found.at(-1) : undefined;
    return {
      code: code.code,
      applications: found.map(viewOf),
      next: last?.entryNo ?? null,
    };
  }
}

/** @throws Refusal DATES_REVERSED */
function filterOf({
  offer_id: offerId,
  search,
  from,
  to,
}: RequestOf<typeof exportUserApplications | typeof listUserApplications>): ApplicationFilter | null {
  if ([offerId, search, from, to].every((given) => given === undefined)) return null;
  return {
    offerId: offerId === undefined ? null : offerIdOf(offerId),
    search: search ?? null,
    days: from === undefined && to === undefined ? null : dateRangeOf({ ...(from && { from }), ...(to && { to }) }),
  };
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
    bonus_earned_minor: bonusMinor,
    currency,
    conversion_id: redemption.conversionId,
  };
}

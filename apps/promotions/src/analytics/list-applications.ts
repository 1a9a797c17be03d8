import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { exportUserApplications, listUserApplications, userApplication } from '#contracts/promo-analytics.js';
import { codeNotFound } from '../codes/code.js';
import { AnalyticsStore, type Application } from './analytics.store.js';
import { majorUnits } from './major-units.js';

type Told = z.output<typeof userApplication>;

/** Who used a code for what, newest first: in pages, and piece by piece for an export. */
@Injectable()
export class ListApplications {
  constructor(private readonly analytics: AnalyticsStore) {}

  async page(request: RequestOf<typeof listUserApplications>): Promise<ResponseOf<typeof listUserApplications>> {
    const { code_id: codeId, page, limit } = request;
    const [code, found] = await Promise.all([
      this.analytics.code(codeId, null),
      this.analytics.applications(codeId, { total: request.total ?? null, offset: (page - 1) * limit, limit }),
    ]);
    if (!code) throw codeNotFound();
    return { applications: found.applications.map(told), total: found.total, page, limit };
  }

  async piece(request: RequestOf<typeof exportUserApplications>): Promise<ResponseOf<typeof exportUserApplications>> {
    const { code_id: codeId, below, limit } = request;
    const [code, found] = await Promise.all([
      this.analytics.code(codeId, null),
      this.analytics.applicationsBelow(codeId, below, limit),
    ]);
    if (!code) throw codeNotFound();
    const last = found.length === limit ? found.at(-1) : undefined;
    return {
      code: code.code,
      applications: found.map((application) => ({ ...told(application), currency: application.currency })),
      next: last?.entryNo ?? null,
    };
  }
}

function told(application: Application): Told {
  const { bonusMinor, currency } = application;
  return {
    user_id: application.personId,
    username: application.username,
    email: application.email,
    offer_id: application.offerId,
    offer_name: application.offerName,
    applied_at: application.appliedAt.toString(),
    bonus_earned: currency ? majorUnits(bonusMinor, currency) : 0,
    conversion_id: application.conversionId,
  };
}

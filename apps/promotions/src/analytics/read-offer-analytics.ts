import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { getOfferAnalytics } from '#contracts/promotions/promo-analytics.js';
import { Refusal } from '#kernel/refusal.js';
import { codeNotFound } from '../codes/domain/code.js';
import { AnalyticsStore, type OfferSums } from './analytics.store.js';
import type { Kind } from './domain/activity-totals.js';
import { dateRangeOf } from './domain/date-range.js';
import { majorUnits } from './domain/major-units.js';

type Analytics = ResponseOf<typeof getOfferAnalytics>;

/** A code's uses by offer, exact at this moment, at a cost that does not depend on how many there were. */
@Injectable()
export class ReadOfferAnalytics {
  constructor(private readonly analytics: AnalyticsStore) {}

  async execute(request: RequestOf<typeof getOfferAnalytics>): Promise<Analytics> {
    const { code_id: codeId, owned_by: ownedBy, currency } = request;
    const range = dateRangeOf(request);
    const [code, offers] = await Promise.all([
      this.analytics.code(codeId, ownedBy),
      this.analytics.offers(codeId, range),
    ]);
    if (!code) throw codeNotFound();
    const breakdown = offers
      .map((sums) => ({
        offer_id: sums.offerId || null,
        offer_name: sums.offerName,
        uses: sums.uses,
        total_bonus: totalBonus(sums, code.kind, currency),
        unique_users: sums.persons,
      }))
      // Omits offers whose redemptions were all reversed.
      .filter(({ uses, total_bonus: bonus }) => uses > 0 || bonus > 0);
    return {
      code: code.code,
      total_uses: breakdown.reduce((sum, { uses }) => sum + uses, 0),
      offer_breakdown: breakdown,
    };
  }
}

/**
 * Amounts of two currencies have no sum. An offer usually pays in one; where it does not, the reader says which one.
 * @throws Refusal SEVERAL_CURRENCIES
 */
function totalBonus({ offerId, keptMinor }: OfferSums, kind: Kind, chosen: string | undefined): number {
  if (kind !== 'bonus') return 0;
  const currencies = Object.keys(keptMinor).filter((currency) => !chosen || currency === chosen);
  const [currency] = currencies;
  if (currencies.length > 1) {
    throw new Refusal('SEVERAL_CURRENCIES', `Bonus was earned in ${currencies.join(' and ')}: name one.`, {
      field: 'currency',
      currencies,
      offerId,
    });
  }
  return currency ? majorUnits(keptMinor[currency] ?? 0, currency) : 0;
}

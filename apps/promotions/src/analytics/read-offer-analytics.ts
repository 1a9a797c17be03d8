import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { getOfferAnalytics } from '#contracts/promotions/promo-analytics.js';
import { Refusal } from '#kernel/refusal.js';
import { codeNotFound } from '../codes/domain/code.js';
import { offerIdOf } from '../offers/domain/offer.js';
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
    const { code_id: codeId, owned_by: ownedBy, currency: chosen } = request;
    const range = dateRangeOf(request);
    const [code, offers] = await Promise.all([
      this.analytics.code(codeId, ownedBy),
      this.analytics.offers(codeId, range),
    ]);
    if (!code) throw codeNotFound();
    const breakdown = offers
      .filter((sums) => matches(sums, request))
      .map((sums) => ({
        offer_id: sums.offerId || null,
        offer_name: sums.offerName,
        uses: sums.uses,
        ...bonusOf(sums, code.kind, chosen),
        unique_users: sums.persons,
      }))
      // Omits offers whose redemptions were all reversed.
      .filter(({ uses, total_bonus_minor: bonusMinor }) => uses > 0 || bonusMinor > 0);
    const currencies = new Set(breakdown.flatMap(({ currency }) => currency ?? []));
    const [currency = null] = currencies;
    return {
      code: code.code,
      currency: currencies.size > 1 ? null : currency,
      total_uses: breakdown.reduce((sum, { uses }) => sum + uses, 0),
      total_bonus_minor:
        currencies.size > 1 ? null : breakdown.reduce((sum, { total_bonus_minor: bonus }) => sum + bonus, 0),
      offer_breakdown: breakdown,
    };
  }
}

function matches(
  { offerId, offerName }: OfferSums,
  { offer_id: wanted, search }: RequestOf<typeof getOfferAnalytics>,
): boolean {
  if (wanted !== undefined && offerId !== offerIdOf(wanted)) return false;
  const sought = search?.toLowerCase();
  return (
    sought === undefined || offerId.toLowerCase().startsWith(sought) || (offerName ?? '').toLowerCase().includes(sought)
  );
}

const noBonus = { total_bonus: 0, total_bonus_minor: 0, currency: null };

/**
 * Amounts of two currencies have no sum. An offer usually pays in one; where it does not, the reader says which one.
 * @throws Refusal SEVERAL_CURRENCIES
 */
function bonusOf({ offerId, keptMinor }: OfferSums, kind: Kind, chosen: string | undefined) {
  if (kind !== 'bonus') return noBonus;
  const currencies = Object.keys(keptMinor).filter((currency) => !chosen || currency === chosen);
  const [currency] = currencies;
  if (currencies.length > 1) {
    throw new Refusal('SEVERAL_CURRENCIES', `Bonus was earned in ${currencies.join(' and ')}: name one.`, {
      field: 'currency',
      currencies,
      offerId,
    });
  }
  const bonusMinor = currency ? (keptMinor[currency] ?? 0) : 0;
  if (!currency || bonusMinor === 0) return noBonus;
  return { total_bonus: majorUnits(bonusMinor, currency), total_bonus_minor: bonusMinor, currency };
}

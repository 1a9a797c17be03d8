import { idFrom, newId } from '#kernel/ids.js';
import type { PromotionsHarness } from './promotions-harness.js';

export interface RedemptionInput {
  readonly personId: string;
  readonly offerId?: string | null;
  readonly at: string;
  readonly benefitMinor?: number;
  readonly currency?: string | null;
  readonly revenueMinor?: number;
  readonly conversionId?: string;
}

/**
 * A code with what the journal and the counters say of it, written as rows: what analytics read, without those who
 * write it.
 */
export class JournalWriter {
  private constructor(
    private readonly harness: PromotionsHarness,
    readonly codeId: string,
    readonly kind: 'bonus' | 'discount',
  ) {}

  static async open(
    harness: PromotionsHarness,
    { kind = 'bonus' as 'bonus' | 'discount', ownerId = null as string | null, code = newId() } = {},
  ): Promise<JournalWriter> {
    const codeId = newId();
    await harness.query(
      `insert into promo_code (id, code, folded, owner_id, kind, percent_bp, status, created_at, updated_at, created_by)
       values ($1, $2, upper($2), $3, $4, 1000, 'active', now(), now(), 'test')`,
      [codeId, code, ownerId, kind],
    );
    return new JournalWriter(harness, codeId, kind);
  }

  /** Answers the id of the use. */
  async redeem(use: RedemptionInput): Promise<string> {
    const redemptionId = newId();
    const { personId, offerId = 'offer', at, benefitMinor = 100, currency = 'EUR', conversionId = null } = use;
    await this.harness.query(
      `insert into redemption (id, code_id, person_id, offer_id, state, benefit_minor, currency, applied_at, redeemed_at, conversion_id)
       values ($1, $2, $3, $4, 'redeemed', $5, $6, $7, $7, $8)`,
      [redemptionId, this.codeId, personId, offerId, benefitMinor, currency, at, conversionId],
    );
    await this.#enter('redeemed', redemptionId, at, at, use.revenueMinor ?? 0);
    await this.#count(redemptionId, 1);
    return redemptionId;
  }

  async reverse(redemptionId: string, at: string, keepsSlot = false): Promise<void> {
    const [use] = await this.harness.query<{ applied_at: Temporal.Instant }>(
      `update redemption set state = 'reversed', keeps_slot = $2, ended_at = $3, end_reason = 'test' where id = $1 returning applied_at`,
      [redemptionId, keepsSlot, at],
    );
    await this.#enter('reversed', redemptionId, at, String(use?.applied_at), 0);
    if (!keepsSlot) await this.#count(redemptionId, -1);
  }

  #enter(kind: string, redemptionId: string, at: string, appliedAt: string, revenueMinor: number): Promise<unknown> {
    return this.harness.query(
      `with code as (
         update promo_code set last_entry = last_entry + 1, first_used_at = coalesce(first_used_at, $7) where id = $1
         returning last_entry
       )
       insert into redemption_entry (code_id, entry_no, kind, redemption_id, person_id, offer_id, benefit_kind, benefit_minor, currency,
         revenue_minor, conversion_id, applied_at, at)
       select $1, last_entry, $2, $3, person_id, offer_id, $4, benefit_minor, currency, $5, conversion_id, $6, $7
       from code, redemption where id = $3`,
      [this.codeId, kind, redemptionId, this.kind, revenueMinor, appliedAt, at],
    );
  }

  #count(redemptionId: string, by: number): Promise<unknown> {
    return this.harness.query(
      `with use as (select * from redemption where id = $1),
       code as (update promo_code set used = used + $2 from use where promo_code.id = use.code_id),
       persons as (
         insert into promo_code_person_usage as known (code_id, person_id, uses) select code_id, person_id, greatest($2, 0) from use
         on conflict (code_id, person_id) do update set uses = known.uses + $2
       )
       insert into promo_code_offer_usage as known (code_id, offer_id, uses)
       select code_id, offer_id, greatest($2, 0) from use where offer_id is not null
       on conflict (code_id, offer_id) do update set uses = known.uses + $2`,
      [redemptionId, by],
    );
  }
}

/** The same person for the same name. */
export const personNamed = (name: string) => idFrom('person', name);

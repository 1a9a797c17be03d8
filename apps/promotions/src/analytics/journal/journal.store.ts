import { Injectable } from '@nestjs/common';
import { Transactions } from '#persistence/transaction.js';

/** A use that was redeemed, as the journal entered it: what the API calls an application. */
export interface JournalledRedemption {
  readonly entryNo: number;
  readonly personId: string;
  readonly username: string | null;
  readonly email: string | null;
  readonly offerId: string | null;
  readonly offerName: string | null;
  readonly appliedAt: Temporal.Instant;
  readonly bonusMinor: number;
  readonly currency: string | null;
  readonly conversionId: string | null;
}

/** The redemptions of codes, one by one, straight from the journal. */
@Injectable()
export class JournalStore {
  constructor(private readonly transactions: Transactions) {}

  /**
   * One page of a code's redemptions, newest first, as the list stood when it had `total` of them.
   *
   * Entries have no gaps, so the r-th redemption stands at the entry r, moved on by the reversals before it. Those are
   * few and alone in an index; so a page a million further down costs the same.
   */
  async page(
    codeId: string,
    { total, offset, limit }: { total: number | null; offset: number; limit: number },
  ): Promise<{ total: number; redemptions: JournalledRedemption[] }> {
    const rows = await this.transactions.query<{ total: number } & RedemptionRow>(
      `with recursive list as (
         select greatest(0, least($2::bigint, last_entry - reversals.count)) as total
         from promo_code cross join (
           select count(*) from redemption_entry where code_id = $1 and kind = 'reversed'
         ) as reversals
         where id = $1
       ),
       place (entry_no, is_settled) as (
         select total - $3::bigint, false from list where total > $3::bigint
         union all
         select moved.entry_no, moved.entry_no = place.entry_no
         from place cross join list cross join lateral (
           select list.total - $3::bigint + count(*) as entry_no from redemption_entry
           where code_id = $1 and kind = 'reversed' and redemption_entry.entry_no <= place.entry_no
         ) as moved
         where not is_settled
       )
       select list.total, redemption.*
       from list left join lateral (
         ${redemptionsBelow('(select entry_no from place where is_settled)', '$4')}
       ) as redemption on true
       order by redemption.entry_no desc`,
      [codeId, total ?? Number.MAX_SAFE_INTEGER, offset, limit],
    );
    return { total: rows[0]?.total ?? 0, redemptions: rows.filter(isRedemption).map(redemptionOf) };
  }

  /** The redemptions that lie below an entry, newest first. */
  async below(codeId: string, below: number | null, limit: number): Promise<JournalledRedemption[]> {
    const rows = await this.transactions.query<RedemptionRow>(redemptionsBelow('$2::bigint', '$3'), [
      codeId,
      below === null ? Number.MAX_SAFE_INTEGER : below - 1,
      limit,
    ]);
    return rows.map(redemptionOf);
  }
}

interface RedemptionRow {
  entry_no: number | null;
  person_id: string;
  username: string | null;
  email: string | null;
  offer_id: string | null;
  offer_name: string | null;
  applied_at: Temporal.Instant;
  bonus_minor: number;
  currency: string | null;
  conversion_id: string | null;
}

const redemptionsBelow = (entryNo: string, limit: string) => `
  select entry.entry_no, entry.person_id, person.username, person.email, entry.offer_id, offer.name as offer_name,
    coalesce(entry.applied_at, entry.at) as applied_at, entry.currency, entry.conversion_id,
    case when entry.benefit_kind = 'bonus' and redemption.state is distinct from 'reversed'
      then entry.benefit_minor else 0 end as bonus_minor
  from (
    select * from redemption_entry where code_id = $1 and kind = 'redeemed' and entry_no <= ${entryNo}
    order by entry_no desc limit ${limit}
  ) as entry
  left join redemption on redemption.id = entry.redemption_id
  left join person on person.id = entry.person_id
  left join offer on offer.id = entry.offer_id
  order by entry.entry_no desc`;

function isRedemption(row: RedemptionRow): row is RedemptionRow & { entry_no: number } {
  return row.entry_no !== null;
}

function redemptionOf(row: RedemptionRow): JournalledRedemption {
  return {
    entryNo: row.entry_no as number,
    personId: row.person_id,
    username: row.username,
    email: row.email,
    offerId: row.offer_id,
    offerName: row.offer_name,
    appliedAt: row.applied_at,
    bonusMinor: row.bonus_minor,
    currency: row.currency,
    conversionId: row.conversion_id,
  };
}

import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { isId } from '#kernel/ids.js';
import { type Page, type Paging, readPage } from '#persistence/paging.js';
import { Transactions } from '#persistence/transaction.js';
import { OfferEntity } from '../../offers/offer.entity.js';
import { PersonEntity } from '../../persons/person.entity.js';
import { RedemptionEntity, RedemptionEntryEntity } from '../../redemptions/redemption.entity.js';
import type { DateRange } from '../domain/date-range.js';

/** A redemption as the journal entered it: what the API calls an application. */
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

/** Which redemptions to list; null matches all. */
export interface ApplicationFilter {
  readonly offerId: string | null;
  /** The days on which they were applied. */
  readonly days: DateRange | null;
  readonly search: string | null;
}

/** The redemptions of codes, one by one, straight from the journal. */
@Injectable()
export class JournalStore {
  constructor(private readonly transactions: Transactions) {}

  /** One page of a code's redemptions, newest first, as the list stood when it had `total` of them. */
  page(codeId: string, total: number | null, paging: Paging): Promise<Page<JournalledRedemption>> {
    return readPage<JournalledRedemption>(
      {
        read: async ({ after, offset, limit }) => {
          if (after !== null) return this.below(codeId, { below: after[0] as number, limit });
          const first = await this.entryAt(codeId, total, offset);
          return first === null ? [] : this.below(codeId, { below: first + 1, limit });
        },
        count: () => this.count(codeId, total),
        keyOf: ({ entryNo }) => [entryNo],
      },
      paging,
    );
  }

  /** One page of the redemptions that match, newest first. They are not counted: nothing but the journal knows. */
  filtered(codeId: string, filter: ApplicationFilter, paging: Paging): Promise<Page<JournalledRedemption>> {
    return readPage<JournalledRedemption>(
      {
        read: ({ after, offset, limit }) =>
          this.below(codeId, { below: after === null ? null : (after[0] as number), offset, limit }, filter),
        count: async () => 0,
        keyOf: ({ entryNo }) => [entryNo],
      },
      { ...paging, count: false },
    );
  }

  /**
   * The entry at which a page begins.
   *
   * Entries have no gaps, so the r-th redemption stands at the entry r, moved on by the reversals before it. Those are
   * few and alone in an index; so a page a million further down costs the same. Entries never change: the page that
   * begins at an entry is the same a statement later.
   */
  private async entryAt(codeId: string, total: number | null, offset: number): Promise<number | null> {
    const [list] = await this.transactions.query<{ first: number | null }>(
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
       select entry_no as first from place where is_settled`,
      [codeId, total ?? Number.MAX_SAFE_INTEGER, offset],
    );
    return list?.first ?? null;
  }

  private async count(codeId: string, total: number | null): Promise<number> {
    const [list] = await this.transactions.query<{ total: number }>(
      `select greatest(0, least($2::bigint, last_entry - reversals.count)) as total
       from promo_code cross join (
         select count(*) from redemption_entry where code_id = $1 and kind = 'reversed'
       ) as reversals
       where id = $1`,
      [codeId, total ?? Number.MAX_SAFE_INTEGER],
    );
    return list?.total ?? 0;
  }

  /** The redemptions that lie below an entry and match, newest first. */
  async below(
    codeId: string,
    { below, offset = 0, limit }: { readonly below: number | null; readonly offset?: number; readonly limit: number },
    filter: ApplicationFilter | null = null,
  ): Promise<JournalledRedemption[]> {
    const rows = await this.redemptions(codeId, filter)
      .where('redemption_entry.entryNo', '<', below ?? Number.MAX_SAFE_INTEGER)
      .orderBy('redemption_entry.entryNo', 'desc')
      .limit(limit)
      .offset(offset)
      .execute();
    return rows.map(({ benefitKind, benefitMinor, state, at, ...row }) => ({
      ...row,
      appliedAt: row.appliedAt ?? at,
      bonusMinor: benefitKind === 'bonus' && state !== 'reversed' ? benefitMinor : 0,
    }));
  }

  private redemptions(codeId: string, filter: ApplicationFilter | null) {
    let redemptions = this.transactions
      .kysely(RedemptionEntryEntity, RedemptionEntity, PersonEntity, OfferEntity)
      .selectFrom('redemption_entry')
      .leftJoin('redemption', 'redemption.id', 'redemption_entry.redemptionId')
      .leftJoin('person', 'person.id', 'redemption_entry.personId')
      .leftJoin('offer', 'offer.id', 'redemption_entry.offerId')
      .select([
        'redemption_entry.entryNo',
        // Called personId here: MikroORM takes a result's person_id for the id of the joined person.
        'redemption_entry.personId as personId',
        'person.username',
        'person.email',
        'redemption_entry.offerId as offerId',
        'offer.name as offerName',
        'redemption_entry.appliedAt',
        'redemption_entry.at',
        'redemption_entry.benefitKind',
        'redemption_entry.benefitMinor',
        'redemption_entry.currency',
        'redemption_entry.conversionId',
        'redemption.state',
      ])
      .where('redemption_entry.codeId', '=', codeId)
      .where('redemption_entry.kind', '=', 'redeemed');
    if (filter?.offerId != null) redemptions = redemptions.where('redemption_entry.offerId', '=', filter.offerId);
    if (filter?.days != null) {
      const { from, to } = filter.days;
      redemptions = redemptions.where(
        sql<boolean>`(coalesce(redemption_entry.applied_at, redemption_entry.at) at time zone 'UTC')::date
          between ${from}::date and ${to}::date`,
      );
    }
    if (filter?.search != null) redemptions = redemptions.where(personMatches(filter.search));
    return redemptions;
  }
}

/** The beginning of the username or of the e-mail address, in any case, or the whole id. */
function personMatches(search: string) {
  const beginning = search.toLowerCase();
  const named = sql`starts_with(lower(person.username), ${beginning}) or starts_with(lower(person.email), ${beginning})`;
  return sql<boolean>`(${named} or redemption_entry.person_id = ${isId(search) ? search : null}::uuid)`;
}

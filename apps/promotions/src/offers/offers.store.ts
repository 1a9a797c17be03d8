import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type Page, type Paging, pageOf } from '#persistence/paging.js';
import { type Sql, Transactions, type Tx } from '#persistence/transaction.js';
import type { Offer } from './domain/offer.js';
import { OfferEntity } from './offer.entity.js';

/** A class of subscriptions as an offer. */
export interface OfferedClass {
  readonly classId: string;
  readonly title: string;
  readonly currency: string;
  readonly publishedAt: Temporal.Instant;
  readonly changedAt: Temporal.Instant;
}

export interface OfferFilter {
  readonly kind: 'class' | 'outside' | undefined;
  /** A part of the name in any case, or the id. */
  readonly search: string | undefined;
}

/**
 * Offers by their ids: classes, and what external systems sell. No offer is ever removed; a deleted one has
 * `deletedAt`.
 */
@Injectable()
export class OffersStore {
  constructor(private readonly transactions: Transactions) {}

  /** The offers with these ids, deleted ones too. */
  async find(ids: readonly string[]): Promise<ReadonlyMap<string, Offer>> {
    const offers = await this.offers().selectAll().where('id', '=', anyOf(ids)).execute();
    return new Map(offers.map((offer) => [offer.id, offer]));
  }

  /** The names of the offers with these ids, by id. */
  async names(
    ids: readonly string[],
    on: Pick<Tx, 'kysely'> = this.transactions,
  ): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map();
    const offers = await on
      .kysely(OfferEntity)
      .selectFrom('offer')
      .select(['id', 'name'])
      .where('id', '=', anyOf(ids))
      .execute();
    return new Map(offers.map(({ id, name }) => [id, name]));
  }

  /** As `find`, with the rows locked in the order of ids until the transaction ends. */
  async lock(tx: Tx, ids: readonly string[]): Promise<Map<string, Offer>> {
    const offers = await tx
      .kysely(OfferEntity)
      .selectFrom('offer')
      .selectAll()
      .where('id', '=', anyOf(ids))
      .orderBy('id')
      .forUpdate()
      .execute();
    return new Map(offers.map((offer) => [offer.id, offer]));
  }

  /** Inserts the offers whose id is free, of two with one id the first. @returns those. */
  async add(tx: Tx, offers: readonly Offer[]): Promise<ReadonlySet<Offer>> {
    const firsts = new Map(offers.toReversed().map((offer) => [offer.id, offer]));
    const added = await tx.query<{ id: string }>(
      `insert into offer (id, name, currency, sender, registered_at, changed_at)
       select id, name, currency, sender, registered_at, changed_at
       from json_to_recordset($1::json)
         as new (id text, name text, currency text, sender text, registered_at timestamptz, changed_at timestamptz)
       order by id
       on conflict do nothing returning id`,
      [JSON.stringify([...firsts.values()].map(rowOf))],
    );
    const ids = new Set(added.map(({ id }) => id));
    return new Set([...firsts.values()].filter(({ id }) => ids.has(id)));
  }

  /** Updates offers that `lock` returned. */
  async save(tx: Tx, offers: readonly Offer[]): Promise<void> {
    if (offers.length === 0) return;
    await tx.query(
      `update offer set name = new.name, currency = new.currency, sender = new.sender, changed_at = new.changed_at,
         deleted_at = new.deleted_at
       from json_populate_recordset(null::offer, $1::json) as new
       where offer.id = new.id`,
      [JSON.stringify(offers.map(rowOf))],
    );
  }

  /**
   * Inserts or updates the offers of classes. A newer change replaces an older one and never the reverse. Changes that
   * were made together have one instant and are applied in their order.
   */
  async projectClasses(on: Sql, classes: readonly OfferedClass[]): Promise<void> {
    await on.query(
      `insert into offer as stored (id, name, class_id, currency, registered_at, changed_at)
       select distinct on (class.id) class.id::text, name, class.id, currency, registered_at, changed_at
       from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[]) with ordinality
         as class (id, name, currency, registered_at, changed_at, position)
       order by class.id, changed_at desc, position desc
       on conflict (id) do update set name = excluded.name, class_id = excluded.class_id,
         currency = excluded.currency, sender = null, registered_at = excluded.registered_at, changed_at = excluded.changed_at
       where stored.class_id is null or stored.changed_at <= excluded.changed_at`,
      [
        classes.map(({ classId }) => classId),
        classes.map(({ title }) => title),
        classes.map(({ currency }) => currency),
        classes.map(({ publishedAt }) => publishedAt),
        classes.map(({ changedAt }) => changedAt),
      ],
    );
  }

  /** Newest first. */
  list(filter: OfferFilter, paging: Paging): Promise<Page<Offer>> {
    const matching = this.matching(filter);
    const order = { by: ['registeredAt', 'id'], direction: 'desc' } as const;
    return pageOf({ matching, selected: matching.selectAll(), order }, paging);
  }

  private offers() {
    return this.transactions.kysely(OfferEntity).selectFrom('offer');
  }

  private matching({ kind, search }: OfferFilter) {
    let offers = this.offers();
    if (kind !== undefined) offers = offers.where('classId', kind === 'class' ? 'is not' : 'is', null);
    if (search === undefined) return offers;
    return offers.where(sql<boolean>`(position(lower(${search}) in lower(name)) > 0 or id = ${search})`);
  }
}

/** As one parameter: the text of the statement is the same for each number of ids. */
function anyOf(ids: readonly string[]) {
  return sql<string>`any (${[...new Set(ids)]}::text[])`;
}

function rowOf({ id, name, currency, sender, registeredAt, changedAt, deletedAt }: Offer) {
  return { id, name, currency, sender, registered_at: registeredAt, changed_at: changedAt, deleted_at: deletedAt };
}

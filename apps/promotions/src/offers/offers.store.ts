import { Injectable } from '@nestjs/common';
import { offsetOf, type Page, type Paging, pageOf } from '#persistence/paging.js';
import { type Sql, Transactions, type Tx } from '#persistence/transaction.js';
import type { Offer } from './domain/offer.js';

interface OfferRow {
  id: string;
  name: string;
  class_id: string | null;
  currency: string | null;
  registered_at: Temporal.Instant;
  changed_at: Temporal.Instant;
  deleted_at: Temporal.Instant | null;
}

/** A class as subscriptions tells of it. */
export interface OfferedClass {
  readonly classId: string;
  readonly title: string;
  readonly currency: string;
  readonly publishedAt: Temporal.Instant;
  readonly changedAt: Temporal.Instant;
}

/**
 * Offers by their ids: classes, and what outside systems sell. None is ever removed; one that was ended has
 * `deletedAt`.
 */
@Injectable()
export class OffersStore {
  constructor(private readonly transactions: Transactions) {}

  /** Those of `ids` that are known, deleted ones too. */
  async find(ids: readonly string[], sql: Sql = this.transactions): Promise<ReadonlyMap<string, Offer>> {
    const rows = await sql.query<OfferRow>(`select * from offer where id = any ($1::text[])`, [[...new Set(ids)]]);
    return new Map(rows.map((row) => [row.id, offerOf(row)]));
  }

  /** What those of `ids` are called that are known, by id. */
  async names(ids: readonly string[], sql: Sql = this.transactions): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await sql.query<Pick<OfferRow, 'id' | 'name'>>(
      `select id, name from offer where id = any ($1::text[])`,
      [[...new Set(ids)]],
    );
    return new Map(rows.map(({ id, name }) => [id, name]));
  }

  /** As `find`, and nobody else changes them until the end of the transaction. */
  async lock(tx: Tx, ids: readonly string[]): Promise<Map<string, Offer>> {
    const rows = await tx.query<OfferRow>(`select * from offer where id = any ($1::text[]) order by id for update`, [
      [...new Set(ids)],
    ]);
    return new Map(rows.map((row) => [row.id, offerOf(row)]));
  }

  /** Adds those whose id is free, in order, and says which. */
  async add(tx: Tx, offers: readonly Offer[]): Promise<ReadonlySet<Offer>> {
    const firsts = new Map(offers.toReversed().map((offer) => [offer.id, offer]));
    const added = await tx.query<{ id: string }>(
      `insert into offer (id, name, currency, registered_at, changed_at)
       select id, name, currency, at, at
       from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) as new (id, name, currency, at)
       order by id
       on conflict do nothing returning id`,
      [
        [...firsts.keys()],
        [...firsts.values()].map(({ name }) => name),
        [...firsts.values()].map(({ currency }) => currency),
        [...firsts.values()].map(({ registeredAt }) => registeredAt),
      ],
    );
    const ids = new Set(added.map(({ id }) => id));
    return new Set([...firsts.values()].filter(({ id }) => ids.has(id)));
  }

  async save(tx: Tx, offers: Iterable<Offer>): Promise<void> {
    const changed = [...offers];
    if (changed.length === 0) return;
    await tx.query(
      `update offer set name = new.name, currency = new.currency, changed_at = new.changed_at,
         deleted_at = new.deleted_at
       from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])
         as new (id, name, currency, changed_at, deleted_at)
       where offer.id = any ($1) and offer.id = new.id`,
      [
        changed.map(({ id }) => id),
        changed.map(({ name }) => name),
        changed.map(({ currency }) => currency),
        changed.map(({ changedAt }) => changedAt),
        changed.map(({ deletedAt }) => deletedAt),
      ],
    );
  }

  /**
   * What is told of a class replaces what was told of it before, and not what was told of it later. Changes that were
   * made together have one instant, and are told in their order.
   */
  async projectClasses(sql: Sql, classes: readonly OfferedClass[]): Promise<void> {
    await sql.query(
      `insert into offer as known (id, name, class_id, currency, registered_at, changed_at)
       select distinct on (told.id) told.id::text, name, told.id, currency, registered_at, changed_at
       from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[]) with ordinality
         as told (id, name, currency, registered_at, changed_at, position)
       order by told.id, changed_at desc, position desc
       on conflict (id) do update set name = excluded.name, class_id = excluded.class_id,
         currency = excluded.currency, registered_at = excluded.registered_at, changed_at = excluded.changed_at
       where known.class_id is null or known.changed_at <= excluded.changed_at`,
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
  async list(
    filter: { readonly kind: 'class' | 'outside' | undefined; readonly search: string | undefined },
    paging: Paging,
  ): Promise<Page<Offer>> {
    const matching = `($1::boolean is null or (class_id is not null) = $1)
      and ($2::text is null or position(lower($2) in lower(name)) > 0 or id = $2)`;
    const values = [filter.kind === undefined ? null : filter.kind === 'class', filter.search ?? null];
    const [[counted], rows] = await Promise.all([
      this.transactions.query<{ total: number }>(`select count(*) as total from offer where ${matching}`, values),
      this.transactions.query<OfferRow>(
        `select * from offer where ${matching} order by registered_at desc, id limit $3 offset $4`,
        [...values, paging.limit, offsetOf(paging)],
      ),
    ]);
    return pageOf(rows.map(offerOf), counted, paging);
  }
}

function offerOf(row: OfferRow): Offer {
  return {
    id: row.id,
    name: row.name,
    classId: row.class_id,
    currency: row.currency,
    registeredAt: row.registered_at,
    changedAt: row.changed_at,
    deletedAt: row.deleted_at,
  };
}

import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { assert } from '#kernel/assert.js';
import { isId } from '#kernel/ids.js';
import { anyOf } from '#persistence/entities/any-of.js';
import { type ListOrder, newestFirst, type Page, type Paging, pageOf } from '#persistence/paging.js';
import { Transactions, type Tx, type Typed } from '#persistence/transaction.js';
import { beginningsOf, wordsOf } from '../searching/words.js';
import { ClassEntity } from './class.entity.js';
import { endOf, lastOfDays, type PublishedClass } from './domain/class.js';

/** The conditions and the order of a list; an absent condition selects everything. */
export interface ClassFilter {
  /** An id, or the beginnings of words of the title. */
  readonly search?: string | undefined;
  /** Only classes that have not ended and have a free seat. */
  readonly available?: boolean | undefined;
  /** Classes that start on this day or later, or with each order. */
  readonly startsFrom?: Temporal.PlainDate | undefined;
  readonly sort: 'newest' | 'title' | 'starts';
}

/** Classes, and the one statement that changes their seats. */
@Injectable()
export class ClassesStore {
  constructor(private readonly transactions: Transactions) {}

  async add(tx: Tx, published: PublishedClass): Promise<void> {
    await tx.kysely(ClassEntity).insertInto('classes').values(rowOf(published)).execute();
  }

  /** Stores a class that `lock` returned and that was changed, but for its seats: they have statements of their own. */
  async save(tx: Tx, published: PublishedClass): Promise<void> {
    const { id, seatsTaken: _, ...changed } = rowOf(published);
    await tx.kysely(ClassEntity).updateTable('classes').set(changed).where('id', '=', id).execute();
  }

  find(id: string): Promise<PublishedClass | undefined> {
    return classes(this.transactions).selectAll().where('id', '=', id).executeTakeFirst();
  }

  findAll(ids: readonly string[]): Promise<PublishedClass[]> {
    return withIds(this.transactions, ids).execute();
  }

  /** The classes among `ids` that exist, by id, without a lock. */
  async read(tx: Tx, ids: Iterable<string>): Promise<ReadonlyMap<string, PublishedClass>> {
    return byId(await withIds(tx, ids).execute());
  }

  /**
   * Locks the classes among `ids` that exist, in the order of ids, until the end of the transaction. Orders of a class
   * are opened and its seats change under this lock only. A transaction that also locks orders locks the orders first,
   * so no two transactions wait for each other.
   */
  async lock(tx: Tx, ids: Iterable<string>): Promise<ReadonlyMap<string, PublishedClass>> {
    return byId(await withIds(tx, ids).orderBy('id').forUpdate().execute());
  }

  /** Takes seats for opened orders, by class. The classes are locked, so the seats are free. */
  takeSeats(tx: Tx, seats: ReadonlyMap<string, number>): Promise<void> {
    return this.moveSeats(tx, seats);
  }

  /** Frees the seats of cancelled and expired orders, by class. */
  freeSeats(tx: Tx, seats: ReadonlyMap<string, number>): Promise<void> {
    return this.moveSeats(tx, new Map([...seats].map(([id, freed]) => [id, -freed])));
  }

  private async moveSeats(tx: Tx, seats: ReadonlyMap<string, number>): Promise<void> {
    if (seats.size === 0) return;
    const moved = await tx.query(
      `update classes set seats_taken = seats_taken + moving.seats
       from unnest($1::uuid[], $2::int[]) as moving (id, seats)
       where classes.id = moving.id
         and seats_taken + moving.seats between 0 and coalesce(capacity, 2147483647)
       returning classes.id`,
      [[...seats.keys()], [...seats.values()]],
    );
    assert(moved.length === seats.size, 'a locked class has the seats that were counted on it');
  }

  /** The classes that match, as they are at `now`. */
  list(filter: ClassFilter, now: Temporal.Instant, paging: Paging): Promise<Page<PublishedClass>> {
    const { search, available = false, startsFrom, sort } = filter;
    let matching = classes(this.transactions);
    if (search !== undefined) matching = matching.where(isFoundBy(search));
    if (startsFrom !== undefined) matching = matching.where('startsOn', '>=', startsFrom);
    if (available) {
      matching = matching
        .where(({ or, eb }) => or([eb('endsAt', 'is', null), eb('endsAt', '>', now)]))
        .where(({ or, eb, ref }) =>
          or([eb('capacity', 'is', null), eb('seatsTaken', '<', ref('capacity').$notNull())]),
        );
    }
    return pageOf({ matching, selected: matching.selectAll(), order: orders[sort] }, paging);
  }
}

/** An index serves each order. */
const orders: Readonly<Record<ClassFilter['sort'], ListOrder>> = {
  newest: newestFirst,
  title: { by: ['titleWords', 'id'], direction: 'asc' },
  starts: { by: ['startsOn', 'id'], direction: 'asc' },
};

/** The columns of a class, among them those of searches and lists. */
function rowOf(published: PublishedClass) {
  const { title, startDate } = published;
  return { ...published, titleWords: wordsOf(title), startsOn: startDate ?? lastOfDays, endsAt: endOf(published) };
}

function isFoundBy(search: string) {
  if (isId(search)) return sql<boolean>`id = ${search}`;
  return sql<boolean>`array_to_tsvector(string_to_array(title_words, ' ')) @@ ${beginningsOf(search)}::tsquery`;
}

function classes(source: Typed) {
  return source.kysely(ClassEntity).selectFrom('classes');
}

function withIds(source: Typed, ids: Iterable<string>) {
  return classes(source).selectAll().where('id', '=', anyOf(ids));
}

function byId(found: readonly PublishedClass[]): ReadonlyMap<string, PublishedClass> {
  return new Map(found.map((published) => [published.id, published]));
}

import { Injectable } from '@nestjs/common';
import { assert } from '#kernel/assert.js';
import { anyOf } from '#persistence/entities/any-of.js';
import { newestFirst, type Page, type Paging, pageOf } from '#persistence/paging.js';
import { Transactions, type Tx, type Typed } from '#persistence/transaction.js';
import { ClassEntity } from './class.entity.js';
import type { PublishedClass } from './domain/class.js';

/** Classes, and the one statement that changes their seats. */
@Injectable()
export class ClassesStore {
  constructor(private readonly transactions: Transactions) {}

  async add(tx: Tx, published: PublishedClass): Promise<void> {
    await tx.kysely(ClassEntity).insertInto('classes').values(published).execute();
  }

  /** Stores a class that `lock` returned and that was changed, but for its seats: they have statements of their own. */
  async save(tx: Tx, { id, seatsTaken: _, ...changed }: PublishedClass): Promise<void> {
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

  /** Newest first: the ids grow with time. */
  list(paging: Paging): Promise<Page<PublishedClass>> {
    const matching = classes(this.transactions);
    return pageOf({ matching, selected: matching.selectAll(), order: newestFirst }, paging);
  }
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

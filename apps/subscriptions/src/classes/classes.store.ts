import { LockMode } from '@mikro-orm/core';
import { MikroORM } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { assert } from '#kernel/assert.js';
import { offsetOf, type Page, type Paging } from '#persistence/paging.js';
import type { Tx } from '#persistence/transaction.js';
import { PublishedClass } from './domain/class.js';

/** Classes, and the one statement that moves their seats. */
@Injectable()
export class ClassesStore {
  constructor(private readonly orm: MikroORM) {}

  async add(tx: Tx, published: PublishedClass): Promise<void> {
    tx.em.persist(tx.em.create(PublishedClass, published));
    await tx.em.flush();
  }

  /** Writes what was changed on classes that `lock` gave. */
  async save(tx: Tx): Promise<void> {
    await tx.em.flush();
  }

  find(id: string): Promise<PublishedClass | null> {
    return this.orm.em.fork().findOne(PublishedClass, { id });
  }

  findAll(ids: readonly string[]): Promise<PublishedClass[]> {
    return this.orm.em.fork().find(PublishedClass, { id: { $in: [...ids] } });
  }

  /** Those of `ids` that exist, as they are at this moment. */
  async read(tx: Tx, ids: Iterable<string>): Promise<ReadonlyMap<string, PublishedClass>> {
    const found = await tx.em.find(PublishedClass, { id: { $in: [...new Set(ids)] } });
    return new Map(found.map((published) => [published.id, published]));
  }

  /**
   * Locks those of `ids` that exist, in the order of ids, until the end of the transaction. Orders of a class are
   * opened and seats of it move under this lock alone. Whoever also locks orders does so first; whoever holds this lock
   * waits for no order. So no two transactions wait for each other.
   */
  async lock(tx: Tx, ids: Iterable<string>): Promise<ReadonlyMap<string, PublishedClass>> {
    const locked = await tx.em.find(
      PublishedClass,
      { id: { $in: [...new Set(ids)] } },
      { orderBy: { id: 'asc' }, lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
    );
    return new Map(locked.map((published) => [published.id, published]));
  }

  /** Seats for orders that opened: as many per class as `wanted` says, which fit, because the class is locked. */
  takeSeats(tx: Tx, wanted: ReadonlyMap<string, number>): Promise<void> {
    return this.moveSeats(tx, wanted, '+');
  }

  /** Seats of orders that were cancelled or expired. */
  freeSeats(tx: Tx, freed: ReadonlyMap<string, number>): Promise<void> {
    return this.moveSeats(tx, freed, '-');
  }

  private async moveSeats(tx: Tx, seats: ReadonlyMap<string, number>, sign: '+' | '-'): Promise<void> {
    if (seats.size === 0) return;
    const moved = await tx.query(
      `update classes set seats_taken = seats_taken ${sign} moving.seats
       from unnest($1::uuid[], $2::int[]) as moving (id, seats)
       where classes.id = moving.id
         and seats_taken ${sign} moving.seats between 0 and coalesce(capacity, 2147483647)
       returning classes.id`,
      [[...seats.keys()], [...seats.values()]],
    );
    assert(moved.length === seats.size, 'a locked class has the seats that were counted on it');
  }

  /** Newest first. */
  async list(paging: Paging): Promise<Page<PublishedClass>> {
    const [items, total] = await this.orm.em
      .fork()
      .findAndCount(PublishedClass, {}, { orderBy: { id: 'desc' }, limit: paging.limit, offset: offsetOf(paging) });
    return { items, total, ...paging };
  }
}

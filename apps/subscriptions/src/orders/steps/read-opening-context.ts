import { Injectable } from '@nestjs/common';
import type { Tx } from '#persistence/transaction.js';
import { ClassesStore } from '../../classes/classes.store.js';
import { versionOf } from '../../classes/domain/class.js';
import { PersonsStore } from '../../persons/persons.store.js';
import { RulesStore } from '../../rules/rules.store.js';
import { type OpeningContext, type OrderRequest, pairKey } from '../domain/seat-allocator.js';
import { OrdersStore } from '../orders.store.js';

/** Reads the opening context of a set of order requests in four statements. */
@Injectable()
export class ReadOpeningContext {
  constructor(
    private readonly persons: PersonsStore,
    private readonly classes: ClassesStore,
    private readonly rules: RulesStore,
    private readonly orders: OrdersStore,
  ) {}

  /** Locks the classes, so that the context holds until the end of the transaction. */
  locked(tx: Tx, requests: readonly OrderRequest[]): Promise<OpeningContext> {
    return this.read(tx, requests, (ids) => this.classes.lock(tx, ids));
  }

  /** Takes no lock: the context may change at any moment. */
  unlocked(tx: Tx, requests: readonly OrderRequest[]): Promise<OpeningContext> {
    return this.read(tx, requests, (ids) => this.classes.read(tx, ids));
  }

  private async read(
    tx: Tx,
    requests: readonly OrderRequest[],
    classesOf: (ids: readonly string[]) => Promise<OpeningContext['classes']>,
  ): Promise<OpeningContext> {
    const persons = await this.persons.existing(
      tx,
      requests.map(({ personId }) => personId),
    );
    const classes = await classesOf(requests.map(({ classId }) => classId));
    const rules = await this.rules.versions([...classes.values()].map(versionOf), tx);
    const stillOpen = await this.orders.stillOpen(tx, requests);
    return { persons, classes, rules, stillOpen: new Set(stillOpen.map(pairKey)) };
  }
}

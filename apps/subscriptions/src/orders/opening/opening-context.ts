import { Injectable } from '@nestjs/common';
import type { Tx } from '#persistence/transaction.js';
import { ClassesStore } from '../../classes/classes.store.js';
import { versionOf } from '../../classes/domain/class.js';
import { PersonsStore } from '../../persons/persons.store.js';
import { RulesStore } from '../../rules/rules.store.js';
import { type OpeningContext, type OrderRequest, pairKey } from '../domain/seat-allocator.js';
import { OrdersStore } from '../orders.store.js';

/** Brings together what seating has to know of a set of wishes, in four statements. */
@Injectable()
export class OpeningContextReader {
  constructor(
    private readonly persons: PersonsStore,
    private readonly classes: ClassesStore,
    private readonly rules: RulesStore,
    private readonly orders: OrdersStore,
  ) {}

  /** As it is and stays until the end of the transaction: the classes are locked. */
  locked(tx: Tx, wishes: readonly OrderRequest[]): Promise<OpeningContext> {
    return this.gather(tx, wishes, (ids) => this.classes.lock(tx, ids));
  }

  /** As it is at this moment. */
  seen(tx: Tx, wishes: readonly OrderRequest[]): Promise<OpeningContext> {
    return this.gather(tx, wishes, (ids) => this.classes.read(tx, ids));
  }

  private async gather(
    tx: Tx,
    wishes: readonly OrderRequest[],
    classesOf: (ids: readonly string[]) => Promise<OpeningContext['classes']>,
  ): Promise<OpeningContext> {
    const persons = await this.persons.existing(
      tx,
      wishes.map(({ personId }) => personId),
    );
    const classes = await classesOf(wishes.map(({ classId }) => classId));
    const rules = await this.rules.versions([...classes.values()].map(versionOf), tx);
    const stillOpen = await this.orders.stillOpen(tx, wishes);
    return { persons, classes, rules, stillOpen: new Set(stillOpen.map(pairKey)) };
  }
}

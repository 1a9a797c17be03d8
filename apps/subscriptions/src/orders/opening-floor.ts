import { Injectable } from '@nestjs/common';
import type { Tx } from '#persistence/transaction.js';
import { versionOf } from '../classes/class.js';
import { ClassesStore } from '../classes/classes.store.js';
import { PersonsStore } from '../persons/persons.store.js';
import { RulesStore } from '../rules/rules.store.js';
import { OrdersStore } from './orders.store.js';
import { type Floor, pairKey, type Wish } from './seating.js';

/** Brings together what seating has to know of a set of wishes, in four statements. */
@Injectable()
export class OpeningFloor {
  constructor(
    private readonly persons: PersonsStore,
    private readonly classes: ClassesStore,
    private readonly rules: RulesStore,
    private readonly orders: OrdersStore,
  ) {}

  /** As it is and stays until the end of the transaction: the classes are locked. */
  locked(tx: Tx, wishes: readonly Wish[]): Promise<Floor> {
    return this.gather(tx, wishes, (ids) => this.classes.lock(tx, ids));
  }

  /** As it is at this moment. */
  seen(tx: Tx, wishes: readonly Wish[]): Promise<Floor> {
    return this.gather(tx, wishes, (ids) => this.classes.read(tx, ids));
  }

  private async gather(
    tx: Tx,
    wishes: readonly Wish[],
    classesOf: (ids: readonly string[]) => Promise<Floor['classes']>,
  ): Promise<Floor> {
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

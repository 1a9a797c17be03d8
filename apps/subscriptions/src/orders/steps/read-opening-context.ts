import { Injectable } from '@nestjs/common';
import type { Tx } from '#persistence/transaction.js';
import { ClassesStore } from '../../classes/classes.store.js';
import { versionOf } from '../../classes/domain/class.js';
import { ordererOf } from '../../persons/domain/person.js';
import { PersonsStore } from '../../persons/persons.store.js';
import { methodOf } from '../../rules/domain/rule.js';
import { RulesStore } from '../../rules/rules.store.js';
import { SubscriptionsSettings } from '../../subscriptions.config.js';
import type { OpeningContext, OrderRequest } from '../domain/seat-allocator.js';
import { OrdersStore } from '../orders.store.js';

/** Reads the opening context of a set of order requests in four statements. */
@Injectable()
export class ReadOpeningContext {
  constructor(
    private readonly persons: PersonsStore,
    private readonly classes: ClassesStore,
    private readonly rules: RulesStore,
    private readonly orders: OrdersStore,
    private readonly settings: SubscriptionsSettings,
  ) {}

  /** How long after its expiry the money of an order may open another one. */
  get latePaymentDays(): number {
    return this.settings.latePaymentDays;
  }

  /**
   * Locks the persons and then the classes, so that the context holds until the end of the transaction. The lock
   * of a person covers what the person orders in other classes meanwhile.
   */
  async locked(tx: Tx, requests: readonly OrderRequest[]): Promise<OpeningContext> {
    const persons = await this.persons.lock(tx, personsOf(requests));
    const classes = await this.classes.lock(tx, classesOf(requests));
    return this.read(tx, requests, persons, classes);
  }

  /** Takes no lock: the context may change at any moment. */
  async unlocked(tx: Tx, requests: readonly OrderRequest[]): Promise<OpeningContext> {
    const persons = await this.persons.existing(tx, personsOf(requests));
    const classes = await this.classes.read(tx, classesOf(requests));
    return this.read(tx, requests, persons, classes);
  }

  private async read(
    tx: Tx,
    requests: readonly OrderRequest[],
    persons: OpeningContext['persons'],
    classes: OpeningContext['classes'],
  ): Promise<OpeningContext> {
    const rules = await this.rules.versions([...classes.values()].map(versionOf), tx);
    const commitments = await this.orders.commitments(tx, requests);
    const orderers = await this.orderers(tx, requests, rules);
    return { persons, orderers, classes, rules, commitments, unpaidMax: this.settings.unpaidOrdersMax };
  }

  /** One statement more, only where a method depends on the person. */
  private async orderers(tx: Tx, requests: readonly OrderRequest[], rules: OpeningContext['rules']) {
    const areNeeded = [...rules.values()].some((rule) => methodOf(rule).readsPerson);
    const persons = areNeeded ? await this.persons.findAll(personsOf(requests), tx) : [];
    return new Map(persons.map((person) => [person.id, ordererOf(person)]));
  }
}

function personsOf(requests: readonly OrderRequest[]): string[] {
  return requests.map(({ personId }) => personId);
}

function classesOf(requests: readonly OrderRequest[]): string[] {
  return requests.map(({ classId }) => classId);
}

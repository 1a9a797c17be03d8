import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { findNames } from '#contracts/subscriptions/names.js';
import { anyOf } from '#persistence/entities/any-of.js';
import { Transactions } from '#persistence/transaction.js';
import { ClassEntity } from '../classes/class.entity.js';
import { OrderEntity } from '../orders/order.entity.js';
import { PersonEntity } from '../persons/person.entity.js';

type Names = ResponseOf<typeof findNames>;

/** Reads what people call persons, classes and the classes of orders. */
@Injectable()
export class ReadNames {
  constructor(private readonly transactions: Transactions) {}

  /** The names among these ids, with at most one statement for each kind. */
  async execute(wanted: RequestOf<typeof findNames>): Promise<Names> {
    const { person_ids: personIds, class_ids: classIds, order_ids: orderIds } = wanted;
    const [persons, classes, orders] = await Promise.all([
      personIds.length === 0 ? [] : this.persons(personIds),
      classIds.length === 0 ? [] : this.classes(classIds),
      orderIds.length === 0 ? [] : this.orders(orderIds),
    ]);
    return { persons, classes, orders };
  }

  private async persons(ids: readonly string[]): Promise<Names['persons']> {
    const persons = this.transactions.kysely(PersonEntity).selectFrom('persons').select(['id', 'name']);
    return (await persons.where('id', '=', anyOf(ids)).execute()).map(({ id, name }) => ({ person_id: id, name }));
  }

  private async classes(ids: readonly string[]): Promise<Names['classes']> {
    const classes = this.transactions.kysely(ClassEntity).selectFrom('classes').select(['id', 'title']);
    return (await classes.where('id', '=', anyOf(ids)).execute()).map(({ id, title }) => ({ class_id: id, title }));
  }

  private async orders(ids: readonly string[]): Promise<Names['orders']> {
    const orders = await this.transactions
      .kysely(OrderEntity, ClassEntity)
      .selectFrom('orders')
      .innerJoin('classes', 'classes.id', 'orders.classId')
      .select(['orders.id', 'orders.classId', 'classes.title'])
      .where('orders.id', '=', anyOf(ids))
      .execute();
    return orders.map(({ id, classId, title }) => ({ order_id: id, class_id: classId, class_title: title }));
  }
}

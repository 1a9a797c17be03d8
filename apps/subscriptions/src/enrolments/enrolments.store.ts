import { Injectable } from '@nestjs/common';
import { type ListOrder, mapPage, type Page, type Paging, pageOf } from '#persistence/paging.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { ClassEntity } from '../classes/class.entity.js';
import type { Person } from '../persons/domain/person.js';
import { PersonEntity } from '../persons/person.entity.js';
import type { Enrolment } from './domain/enrolment.js';
import { EnrolmentEntity } from './enrolment.entity.js';

/** An enrolment with the title of its class. */
export interface EnrolmentInClass extends Enrolment {
  readonly classTitle: string;
}

/** An enrolment with its person. */
export interface EnrolledPerson extends Enrolment {
  readonly person: Person;
}

const personColumns = [
  'persons.name',
  'persons.username',
  'persons.email',
  'persons.emailVerified',
  'persons.version',
  'persons.registeredAt',
] as const;

/** The ids grow with time. */
const newestFirst: ListOrder = { by: ['enrolments.id'], direction: 'desc' };

/** The members of each class. */
@Injectable()
export class EnrolmentsStore {
  constructor(private readonly transactions: Transactions) {}

  /** Ends the enrolments that last on the day on which their persons leave, by subscription. */
  async leave(tx: Tx, leaving: ReadonlyMap<string, Temporal.PlainDate>): Promise<void> {
    if (leaving.size === 0) return;
    await tx.query(
      `with leaving as (
         select id, day::date from unnest($1::uuid[], $2::text[]) as leaving (id, day)
       ), of_subscription as (
         select id as order_id, day from leaving
         union all
         select orders.id, day from orders join leaving on leaving.id = subscription_id where period > 0
       )
       update enrolments set left_on = day
       from of_subscription
       where enrolments.order_id = of_subscription.order_id and left_on is null and (end_date is null or end_date >= day)`,
      [[...leaving.keys()], [...leaving.values()].map(String)],
    );
  }

  ofPerson(personId: string, paging: Paging): Promise<Page<EnrolmentInClass>> {
    const matching = this.transactions
      .kysely(EnrolmentEntity, ClassEntity)
      .selectFrom('enrolments')
      .where('enrolments.personId', '=', personId);
    const selected = matching
      .innerJoin('classes', 'classes.id', 'enrolments.classId')
      .selectAll('enrolments')
      .select('classes.title as classTitle');
    return pageOf({ matching, selected, order: newestFirst }, paging);
  }

  async ofClass(classId: string, paging: Paging): Promise<Page<EnrolledPerson>> {
    const matching = this.transactions
      .kysely(EnrolmentEntity, PersonEntity)
      .selectFrom('enrolments')
      .where('enrolments.classId', '=', classId);
    const selected = matching
      .innerJoin('persons', 'persons.id', 'enrolments.personId')
      .selectAll('enrolments')
      .select(personColumns);
    const page = await pageOf({ matching, selected, order: newestFirst }, paging);
    return mapPage(page, ({ name, username, email, emailVerified, version, registeredAt, ...enrolment }) => {
      const person = { id: enrolment.personId, name, username, email, emailVerified, version, registeredAt };
      return { ...enrolment, person };
    });
  }
}

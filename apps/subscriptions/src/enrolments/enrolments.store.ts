import { Injectable } from '@nestjs/common';
import { offsetOf, type Page, type Paging, pageOf } from '#persistence/paging.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import type { Person } from '../persons/domain/person.js';
import type { Enrolment } from './domain/enrolment.js';

/** An enrolment, for the person who has it. */
export interface EnrolmentInClass extends Enrolment {
  readonly classTitle: string;
}

/** An enrolment, for those who look at the class. */
export interface EnrolledPerson extends Enrolment {
  readonly person: Person;
}

interface Row {
  id: string;
  order_id: string;
  person_id: string;
  class_id: string;
  start_date: Temporal.PlainDate;
  end_date: Temporal.PlainDate | null;
  enrolled_at: Temporal.Instant;
}

type PersonColumns = { name: string; username: string; email: string; registered_at: Temporal.Instant };

/** Who is in which class. */
@Injectable()
export class EnrolmentsStore {
  constructor(private readonly transactions: Transactions) {}

  /** The primary key lets an order have one enrolment only. */
  async add(tx: Tx, enrolments: readonly Enrolment[]): Promise<void> {
    if (enrolments.length === 0) return;
    await tx.query(`insert into enrolments select * from json_populate_recordset(null::enrolments, $1::json)`, [
      JSON.stringify(enrolments.map(rowOf)),
    ]);
  }

  /** Newest first. */
  async ofPerson(personId: string, paging: Paging): Promise<Page<EnrolmentInClass>> {
    const [[counted], rows] = await Promise.all([
      this.transactions.query<{ total: number }>(`select count(*) as total from enrolments where person_id = $1`, [
        personId,
      ]),
      this.transactions.query<Row & { title: string }>(
        `select enrolments.*, title from enrolments join classes on classes.id = class_id
         where person_id = $1 order by enrolments.id desc limit $2 offset $3`,
        [personId, paging.limit, offsetOf(paging)],
      ),
    ]);
    const items = rows.map((row) => ({ ...enrolmentOf(row), classTitle: row.title }));
    return pageOf(items, counted, paging);
  }

  /** Newest first. */
  async ofClass(classId: string, paging: Paging): Promise<Page<EnrolledPerson>> {
    const [[counted], rows] = await Promise.all([
      this.transactions.query<{ total: number }>(`select count(*) as total from enrolments where class_id = $1`, [
        classId,
      ]),
      this.transactions.query<Row & PersonColumns>(
        `select enrolments.*, name, username, email, registered_at from enrolments join persons on persons.id = person_id
         where class_id = $1 order by enrolments.id desc limit $2 offset $3`,
        [classId, paging.limit, offsetOf(paging)],
      ),
    ]);
    const items = rows.map((row) => ({ ...enrolmentOf(row), person: personOf(row) }));
    return pageOf(items, counted, paging);
  }
}

function rowOf(enrolment: Enrolment): Row {
  return {
    id: enrolment.id,
    order_id: enrolment.orderId,
    person_id: enrolment.personId,
    class_id: enrolment.classId,
    start_date: enrolment.startDate,
    end_date: enrolment.endDate,
    enrolled_at: enrolment.enrolledAt,
  };
}

function enrolmentOf(row: Row): Enrolment {
  return {
    id: row.id,
    orderId: row.order_id,
    personId: row.person_id,
    classId: row.class_id,
    startDate: row.start_date,
    endDate: row.end_date,
    enrolledAt: row.enrolled_at,
  };
}

function personOf(row: Row & PersonColumns): Person {
  const { person_id: id, name, username, email, registered_at: registeredAt } = row;
  return { id, name, username, email, registeredAt };
}

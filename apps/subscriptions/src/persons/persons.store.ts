import { Injectable } from '@nestjs/common';
import { zip } from '#kernel/zip.js';
import { anyOf } from '#persistence/entities/any-of.js';
import { jsonRecords } from '#persistence/entities/json-records.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import type { NewPerson, Person } from './domain/person.js';
import { PersonEntity } from './person.entity.js';

/** The property of a new person that another person already has. */
export type Taken = 'id' | 'subject' | 'username' | 'email';

/** Everybody who was registered. */
@Injectable()
export class PersonsStore {
  constructor(private readonly transactions: Transactions) {}

  /**
   * Adds the persons whose id, subject, username and email are free, in one statement. Returns for each person null, or
   * the property that is taken. The unique indexes decide, also between two persons of the same set.
   */
  async add(tx: Tx, persons: readonly NewPerson[]): Promise<(Taken | null)[]> {
    const rows = await tx.query<Pick<Person, 'id' | 'username' | 'email'>>(
      `insert into persons select * from json_populate_recordset(null::persons, $1::json)
       on conflict do nothing
       returning id, username, email`,
      [jsonRecords(persons)],
    );
    const added = new Set(rows.map(keyOf));
    // Of two equal persons in the set, the first one was added.
    const refused = persons.filter((person) => !added.delete(keyOf(person)));
    const taken = await this.taken(tx, refused);
    return persons.map((person) => taken.get(person) ?? null);
  }

  private async taken(tx: Tx, persons: readonly NewPerson[]): Promise<Map<NewPerson, Taken>> {
    if (persons.length === 0) return new Map();
    const rows = await tx.query<{ what: Taken }>(
      `select case when exists (select from persons where persons.id = wanted.id) then 'id'
                   when exists (select from persons
                                where persons.issuer = wanted.issuer and persons.subject = wanted.subject) then 'subject'
                   when exists (select from persons where lower(persons.username) = lower(wanted.username)) then 'username'
                   else 'email' end as what
       from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) with ordinality
         as wanted (id, username, issuer, subject, position)
       order by position`,
      [
        persons.map(({ id }) => id),
        persons.map(({ username }) => username),
        persons.map(({ issuer }) => issuer),
        persons.map(({ subject }) => subject),
      ],
    );
    return new Map(zip(persons, rows).map(([person, { what }]) => [person, what]));
  }

  find(id: string): Promise<Person | undefined> {
    return this.transactions
      .kysely(PersonEntity)
      .selectFrom('persons')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
  }

  /** The id of the person that the issuer names so. */
  async idOfSubject(issuer: string, subject: string): Promise<string | null> {
    const person = await this.transactions
      .kysely(PersonEntity)
      .selectFrom('persons')
      .select('id')
      .where('issuer', '=', issuer)
      .where('subject', '=', subject)
      .executeTakeFirst();
    return person?.id ?? null;
  }

  findAll(ids: readonly string[]): Promise<Person[]> {
    return this.transactions
      .kysely(PersonEntity)
      .selectFrom('persons')
      .selectAll()
      .where('id', '=', anyOf(ids))
      .execute();
  }

  /**
   * The ids among `ids` that exist. Locks these persons, in the order of ids, until the end of the transaction: the
   * number of their open orders is decided under this lock. It comes before the locks of classes.
   */
  async lock(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await tx.query<{ id: string }>(
      `select id from persons where id = any ($1::uuid[]) order by id for no key update`,
      [ids],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** The ids among `ids` that exist. */
  async existing(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await tx.query<{ id: string }>(`select id from persons where id = any ($1::uuid[])`, [ids]);
    return new Set(rows.map(({ id }) => id));
  }
}

function keyOf({ id, username, email }: Pick<Person, 'id' | 'username' | 'email'>): string {
  return JSON.stringify([id, username, email]);
}

import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { emailKey } from '#contracts/subscriptions/email.js';
import { isId } from '#kernel/ids.js';
import { zip } from '#kernel/zip.js';
import { anyOf } from '#persistence/entities/any-of.js';
import { jsonRecords } from '#persistence/entities/json-records.js';
import { type Page, type Paging, pageOf } from '#persistence/paging.js';
import { Transactions, type Tx, type Typed } from '#persistence/transaction.js';
import { beginningsOf, wordsOf } from '../searching/words.js';
import type { NewPerson, Person, Taken } from './domain/person.js';
import { PersonEntity } from './person.entity.js';

/** Everybody who was registered. */
@Injectable()
export class PersonsStore {
  constructor(private readonly transactions: Transactions) {}

  /**
   * Adds the persons whose id, subject, username and verified email are free, in one statement. Returns for each
   * person null, or the property that is taken. The unique indexes decide, also between two persons of the same set.
   */
  async add(tx: Tx, persons: readonly NewPerson[]): Promise<(Taken | null)[]> {
    const rows = await tx.query<Pick<Person, 'id' | 'username' | 'email'>>(
      `insert into persons select * from json_populate_recordset(null::persons, $1::json)
       on conflict do nothing
       returning id, username, email`,
      [jsonRecords(persons.map((person) => ({ ...rowOf(person), issuer: person.issuer, subject: person.subject })))],
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
                   when exists (select from persons
                                where lower(persons.username) collate "C" = lower(wanted.username)) then 'username'
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

  /** The persons with these ids, locked in the order of ids until the transaction ends. */
  async lockRows(tx: Tx, ids: readonly string[]): Promise<Map<string, Person>> {
    const persons: Person[] = await tx
      .kysely(PersonEntity)
      .selectFrom('persons')
      .selectAll()
      .where('id', '=', anyOf(ids))
      .orderBy('id')
      .forUpdate()
      .execute();
    return new Map(persons.map((person) => [person.id, person]));
  }

  /** Updates a locked person, unless a property is taken: then returns the property. The transaction goes on. */
  async save(tx: Tx, person: Person): Promise<Taken | null> {
    const { id, registeredAt, ...changed } = rowOf(person);
    await tx.query('savepoint person');
    try {
      await tx.kysely(PersonEntity).updateTable('persons').set(changed).where('id', '=', id).execute();
    } catch (error) {
      const taken = takenBy(error);
      if (!taken) throw error;
      await tx.query('rollback to savepoint person');
      return taken;
    }
    await tx.query('release savepoint person');
    return null;
  }

  /** The persons that a search finds, in the order of ids; all without a search. */
  search(search: string | undefined, paging: Paging): Promise<Page<Person>> {
    const matching = this.found(search);
    return pageOf({ matching, selected: matching.selectAll(), order: { by: ['id'], direction: 'asc' } }, paging);
  }

  private found(search: string | undefined) {
    const persons = this.transactions.kysely(PersonEntity).selectFrom('persons');
    if (search === undefined) return persons;
    return isId(search) ? persons.where('id', '=', search) : persons.where(beginsWith(search));
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

  findAll(ids: readonly string[], source: Typed = this.transactions): Promise<Person[]> {
    return source.kysely(PersonEntity).selectFrom('persons').selectAll().where('id', '=', anyOf(ids)).execute();
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

/** All columns of a person. */
function rowOf({ id, name, username, email, emailVerified, version, registeredAt }: Person) {
  const keys = { nameWords: wordsOf(name), emailKey: emailKey(email) };
  return { id, name, username, email, emailVerified, version, registeredAt, ...keys };
}

/** The property that a violated index makes unique. */
function takenBy(error: unknown): Taken | null {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code !== '23505') return null;
  return ({ persons_username: 'username', persons_verified_email: 'email' } as const)[constraint ?? ''] ?? null;
}

/**
 * Email addresses and usernames that begin with the search, and names with a word that begins with each of its words.
 * Each is looked up in its index: as one condition, Postgres would filter all persons where it expects many to match.
 */
function beginsWith(search: string) {
  const address = emailKey(search);
  const username = search.toLowerCase();
  const last = '\u{10ffff}';
  return sql<boolean>`id in (
    select id from persons where email_key >= ${address} and email_key < ${address + last}
    union all
    select id from persons
    where lower(username) collate "C" >= ${username} and lower(username) collate "C" < ${username + last}
    union all
    select id from persons where array_to_tsvector(string_to_array(name_words, ' ')) @@ ${beginningsOf(search)}::tsquery
  )`;
}

function keyOf({ id, username, email }: Pick<Person, 'id' | 'username' | 'email'>): string {
  return JSON.stringify([id, username, email]);
}

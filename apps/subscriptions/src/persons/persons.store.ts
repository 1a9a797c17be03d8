import { MikroORM } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Tx } from '#persistence/transaction.js';
import { Person } from './domain/person.js';

/** What of a person that could not be added is somebody's already. */
export type Taken = 'id' | 'username' | 'email';

/** Everybody who was registered. */
@Injectable()
export class PersonsStore {
  constructor(private readonly orm: MikroORM) {}

  /**
   * Adds those whose id, username and email are free, in one statement, and says of each other one what was taken.
   * The unique indexes decide, also between two of the same set.
   */
  async add(tx: Tx, persons: readonly Person[]): Promise<(Taken | null)[]> {
    const added = await tx.query<{ position: number }>(
      `with wanted as (
         select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[]) with ordinality
           as wanted (id, name, username, email, registered_at, position)
       ), added as (
         insert into persons (id, name, username, email, registered_at)
         select id, name, username, email, registered_at from wanted order by position
         on conflict do nothing
         returning id, username, email
       ) select min(position) as position from wanted join added using (id, username, email) group by id`,
      [
        persons.map(({ id }) => id),
        persons.map(({ name }) => name),
        persons.map(({ username }) => username),
        persons.map(({ email }) => email),
        persons.map(({ registeredAt }) => registeredAt),
      ],
    );
    const positions = new Set(added.map(({ position }) => position));
    const turnedAway = persons.filter((_, index) => !positions.has(index + 1));
    const taken = await this.taken(tx, turnedAway);
    return persons.map((person) => taken.get(person) ?? null);
  }

  private async taken(tx: Tx, persons: readonly Person[]): Promise<Map<Person, Taken>> {
    if (persons.length === 0) return new Map();
    const rows = await tx.query<{ what: Taken }>(
      `select case when exists (select from persons where persons.id = wanted.id) then 'id'
                   when exists (select from persons where lower(persons.username) = lower(wanted.username)) then 'username'
                   else 'email' end as what
       from unnest($1::uuid[], $2::text[]) with ordinality as wanted (id, username, position) order by position`,
      [persons.map(({ id }) => id), persons.map(({ username }) => username)],
    );
    return new Map(persons.map((person, index) => [person, rows[index]?.what ?? 'email']));
  }

  find(id: string): Promise<Person | null> {
    return this.orm.em.fork().findOne(Person, { id });
  }

  findAll(ids: readonly string[]): Promise<Person[]> {
    return this.orm.em.fork().find(Person, { id: { $in: [...ids] } });
  }

  /** Those of `ids` that exist. */
  async existing(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await tx.query<{ id: string }>(`select id from persons where id = any ($1::uuid[])`, [ids]);
    return new Set(rows.map(({ id }) => id));
  }
}

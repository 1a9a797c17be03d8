import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type Sql, Transactions } from '#persistence/transaction.js';
import { PersonEntity } from './person.entity.js';

/** A registered person of subscriptions, for reports. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly email: string;
  readonly version: number;
}

/** The projection of registered persons, and who has closed an order: for codes that only new persons may use. */
@Injectable()
export class PersonsStore {
  constructor(private readonly transactions: Transactions) {}

  /** Those of `ids` that exist. */
  async known(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.transactions
      .kysely(PersonEntity)
      .selectFrom('person')
      .select('id')
      .where('id', '=', sql<string>`any (${[...new Set(ids)]}::uuid[])`)
      .execute();
    return new Set(rows.map(({ id }) => id));
  }

  /**
   * Inserts or updates persons; a version that is not newer than the stored one changes nothing. An order may close
   * before the registration arrives: the row exists without a name.
   */
  async project(on: Sql, persons: readonly Person[]): Promise<void> {
    await on.query(
      `insert into person (id, name, username, email, version)
       select distinct on (id) id, name, username, email, version
       from json_populate_recordset(null::person, $1::json)
       order by id, version desc
       on conflict (id) do update set
         name = excluded.name, username = excluded.username, email = excluded.email, version = excluded.version
       where person.version < excluded.version`,
      [JSON.stringify(persons)],
    );
  }

  /** Marks that these persons are no new customers any more. */
  async projectClosedOrders(on: Sql, ids: readonly string[]): Promise<void> {
    await on.query(
      `insert into person (id, name, username, email, has_closed_order)
       select distinct id, '', '', '', true from unnest($1::uuid[]) as closed (id) order by id
       on conflict (id) do update set has_closed_order = true where not person.has_closed_order`,
      [ids],
    );
  }
}

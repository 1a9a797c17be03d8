import { Injectable } from '@nestjs/common';
import { type Sql, Transactions } from '#persistence/transaction.js';

/** A person as subscriptions tells of them, for reports. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly email: string;
}

/** Who exists, under which name, and who has closed an order: for codes that are for new persons only. */
@Injectable()
export class PersonsStore {
  constructor(private readonly transactions: Transactions) {}

  /** Those of `ids` that are known. */
  async known(ids: readonly string[], sql: Sql = this.transactions): Promise<ReadonlySet<string>> {
    const rows = await sql.query<{ id: string }>(`select id from person where id = any ($1::uuid[])`, [
      [...new Set(ids)],
    ]);
    return new Set(rows.map(({ id }) => id));
  }

  /** Who somebody is may be heard after they closed an order: then their row is there already, without a name. */
  async project(sql: Sql, persons: readonly Person[]): Promise<void> {
    await sql.query(
      `insert into person (id, name, username, email)
       select distinct on (id) id, name, username, email
       from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as told (id, name, username, email)
       order by id
       on conflict (id) do update set name = excluded.name, username = excluded.username, email = excluded.email`,
      [
        persons.map(({ id }) => id),
        persons.map(({ name }) => name),
        persons.map(({ username }) => username),
        persons.map(({ email }) => email),
      ],
    );
  }

  /** From now on they are nobody's new customers. */
  async projectClosedOrders(sql: Sql, ids: readonly string[]): Promise<void> {
    await sql.query(
      `insert into person (id, name, username, email, has_closed_order)
       select distinct id, '', '', '', true from unnest($1::uuid[]) as told (id) order by id
       on conflict (id) do update set has_closed_order = true where not person.has_closed_order`,
      [ids],
    );
  }
}

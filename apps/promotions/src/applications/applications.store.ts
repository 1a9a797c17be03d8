import { Injectable } from '@nestjs/common';
import { offsetOf, type Page, type Paging, pageOf } from '#persistence/paging.js';
import type { Sql, Tx } from '#persistence/transaction.js';
import type { Application } from './domain/application.js';
import type { HeldCode } from './domain/held-code.js';

/** A code and a person: the key of an application. */
export interface Pair {
  readonly codeId: string;
  readonly personId: string;
}

/** The state of a code for a person, without its rules. */
export type HeldRow = Omit<HeldCode, 'rules'> & { readonly codeId: string };

interface HeldQueryRow {
  code_id: string;
  title: string;
  applied_at: Temporal.Instant | null;
  state: HeldRow['state'];
  uses: number;
  listed: boolean;
  new: boolean;
}

// Scalar subqueries are index look-ups, even where the planner misjudges the size of a table.
const heldColumns = `a.code_id, a.applied_at, a.state,
  (select c.title from promo_code c where c.id = a.code_id) as title,
  coalesce((select u.uses from promo_code_person_usage u
    where u.code_id = a.code_id and u.person_id = a.person_id), 0) as uses,
  coalesce((select true from promo_code_person l
    where l.code_id = a.code_id and l.person_id = a.person_id), false) as listed,
  not coalesce((select p.has_closed_order from person p where p.id = a.person_id), false) as new`;

interface Row {
  code_id: string;
  person_id: string;
  applied_at: Temporal.Instant;
  redemption_id: string | null;
  state: Application['state'];
}

/**
 * Transactions lock the row of an application before the row of a code. So a hold is redeemed once, a code is applied
 * once, and no two transactions deadlock.
 *
 * Statements over pairs name the persons as well: with a list of persons they use the index, even when the table was
 * empty when they were planned.
 */
@Injectable()
export class ApplicationsStore {
  /** The applications of these persons that are not spent, locked in one order. */
  async lockLive(tx: Tx, personIds: readonly string[]): Promise<Application[]> {
    const rows = await tx.query<Row>(
      `select code_id, person_id, applied_at, redemption_id, state from promo_application
       where person_id = any ($1::uuid[]) and state = 'applied' order by code_id, person_id for update`,
      [[...new Set(personIds)]],
    );
    return rows.map(applicationOf);
  }

  /** The existing applications of these pairs, locked in one order. */
  async lock(tx: Tx, pairs: readonly Pair[]): Promise<Application[]> {
    const rows = await tx.query<Row>(
      `select code_id, person_id, applied_at, redemption_id, state from promo_application
       where person_id = any ($2) and (code_id, person_id) in (select * from unnest($1::uuid[], $2::uuid[]))
       order by code_id, person_id for update`,
      columnsOf(pairs),
    );
    return rows.map(applicationOf);
  }

  /** Inserts the missing ones and returns them. Waits for a transaction that inserts the same one. */
  async add(tx: Tx, pairs: readonly Pair[], at: Temporal.Instant): Promise<Pair[]> {
    const rows = await tx.query<{ code_id: string; person_id: string }>(
      `insert into promo_application (code_id, person_id, applied_at, state)
       select distinct code_id, person_id, $3::timestamptz, 'applied'
       from unnest($1::uuid[], $2::uuid[]) as new (code_id, person_id) order by code_id, person_id
       on conflict do nothing returning code_id, person_id`,
      [...columnsOf(pairs), at],
    );
    return rows.map(({ code_id: codeId, person_id: personId }) => ({ codeId, personId }));
  }

  async save(tx: Tx, applications: readonly Application[]): Promise<void> {
    if (applications.length === 0) return;
    await tx.query(
      `update promo_application a set applied_at = new.applied_at, redemption_id = new.redemption_id, state = new.state
       from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::uuid[], $5::text[])
         as new (code_id, person_id, applied_at, redemption_id, state)
       where a.person_id = any ($2) and a.code_id = new.code_id and a.person_id = new.person_id`,
      [
        ...columnsOf(applications),
        applications.map(({ appliedAt }) => appliedAt),
        applications.map(({ redemptionId }) => redemptionId),
        applications.map(({ state }) => state),
      ],
    );
  }

  /** The state of the codes of these applications for their persons, in the order of `pairs`. */
  async held(tx: Tx, pairs: readonly Pair[]): Promise<HeldRow[]> {
    const rows = await tx.query<HeldQueryRow>(
      `select ${heldColumns}
       from unnest($1::uuid[], $2::uuid[]) with ordinality as pair (code_id, person_id, place)
       cross join lateral (
         select code_id, person_id, applied_at, state from promo_application
         where code_id = pair.code_id and person_id = pair.person_id offset 0
       ) a
       order by place`,
      columnsOf(pairs),
    );
    return rows.map(heldOf);
  }

  /** The codes that a person applied, newest first, and then the active codes that list the person. */
  async page(sql: Sql, personId: string, paging: Paging): Promise<Page<HeldRow>> {
    const theirs = `(
      select code_id, person_id, applied_at, state from promo_application where person_id = $1
      union all
      select l.code_id, l.person_id, null, 'offered' from promo_code_person l
      where l.person_id = $1
        and (select c.kind = 'bonus' and c.audience = 'listed' and c.status = 'active' from promo_code c
          where c.id = l.code_id)
        and (select a.state from promo_application a where a.code_id = l.code_id and a.person_id = $1) is null
    ) a`;
    const [counted] = await sql.query<{ total: number }>(`select count(*) as total from ${theirs}`, [personId]);
    const rows = await sql.query<HeldQueryRow>(
      `select ${heldColumns} from ${theirs}
       order by applied_at desc nulls last, code_id desc limit $2 offset $3`,
      [personId, paging.limit, offsetOf(paging)],
    );
    return pageOf(rows.map(heldOf), counted, paging);
  }

  async remove(tx: Tx, pairs: readonly Pair[]): Promise<void> {
    if (pairs.length === 0) return;
    await tx.query(
      `delete from promo_application
       where person_id = any ($2) and (code_id, person_id) in (select * from unnest($1::uuid[], $2::uuid[]))`,
      columnsOf(pairs),
    );
  }
}

/** A pair as one text, for maps and sets. */
export function keyOf({ codeId, personId }: Pair): string {
  return `${codeId} ${personId}`;
}

function heldOf(row: HeldQueryRow): HeldRow {
  return {
    codeId: row.code_id,
    title: row.title,
    appliedAt: row.applied_at,
    state: row.state,
    uses: row.uses,
    isListed: row.listed,
    isNew: row.new,
  };
}

function columnsOf(pairs: readonly Pair[]): [string[], string[]] {
  return [pairs.map(({ codeId }) => codeId), pairs.map(({ personId }) => personId)];
}

function applicationOf(row: Row): Application {
  return {
    codeId: row.code_id,
    personId: row.person_id,
    appliedAt: row.applied_at,
    redemptionId: row.redemption_id,
    state: row.state,
  };
}

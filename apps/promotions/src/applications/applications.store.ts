import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { mapPage, type Page, type Paging, readPage } from '#persistence/paging.js';
import type { Sql, Tx } from '#persistence/transaction.js';
import { ApplicationEntity } from './application.entity.js';
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
  is_listed: boolean;
  is_new: boolean;
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
    return lockedOf(tx, personIds).where('state', '=', 'applied').execute();
  }

  /** The existing applications of these pairs, locked in one order. */
  async lock(tx: Tx, pairs: readonly Pair[]): Promise<Application[]> {
    const [codeIds, personIds] = columnsOf(pairs);
    return lockedOf(tx, personIds).where(amongPairs(codeIds, personIds)).execute();
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
      `select a.code_id, a.applied_at, a.state, held.*
       from unnest($1::uuid[], $2::uuid[]) with ordinality as pair (code_id, person_id, place)
       cross join lateral (
         select code_id, person_id, applied_at, state from promo_application
         where code_id = pair.code_id and person_id = pair.person_id offset 0
       ) a
       cross join lateral held_code_of(a.code_id, a.person_id) as held
       order by place`,
      columnsOf(pairs),
    );
    return rows.map(heldOf);
  }

  /** The codes that a person applied, newest first, and then the active codes that list the person. */
  async page(on: Sql, personId: string, paging: Paging): Promise<Page<HeldRow>> {
    const page = await readPage<HeldQueryRow>(
      {
        read: ({ after, offset, limit }) => {
          const [appliedAt, codeId] = after ?? [];
          return on.query(
            `select shown.code_id, shown.applied_at, shown.state, held.*
             from (
               select * from codes_of_person($1) as theirs
               where $3::uuid is null
                 or (coalesce(applied_at, '-infinity'), code_id) < (coalesce($2::timestamptz, '-infinity'), $3::uuid)
               order by applied_at desc nulls last, code_id desc limit $4 offset $5
             ) as shown cross join lateral held_code_of(shown.code_id, $1) as held
             order by shown.applied_at desc nulls last, shown.code_id desc`,
            [personId, appliedAt ?? null, codeId ?? null, limit, offset],
          );
        },
        count: async () => {
          const [counted] = await on.query<{ total: number }>(`select count(*) as total from codes_of_person($1)`, [
            personId,
          ]);
          return counted?.total ?? 0;
        },
        keyOf: (row) => [row.applied_at, row.code_id],
      },
      paging,
    );
    return mapPage(page, heldOf);
  }

  async remove(tx: Tx, pairs: readonly Pair[]): Promise<void> {
    if (pairs.length === 0) return;
    const [codeIds, personIds] = columnsOf(pairs);
    await tx
      .kysely(ApplicationEntity)
      .deleteFrom('promo_application')
      .where('personId', '=', anyOf(personIds))
      .where(amongPairs(codeIds, personIds))
      .execute();
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
    isListed: row.is_listed,
    isNew: row.is_new,
  };
}

function columnsOf(pairs: readonly Pair[]): [string[], string[]] {
  return [pairs.map(({ codeId }) => codeId), pairs.map(({ personId }) => personId)];
}

/** Applications of these persons, in the one order in which transactions lock them. */
function lockedOf(tx: Tx, personIds: readonly string[]) {
  return tx
    .kysely(ApplicationEntity)
    .selectFrom('promo_application')
    .selectAll()
    .where('personId', '=', anyOf([...new Set(personIds)]))
    .orderBy('codeId')
    .orderBy('personId')
    .forUpdate();
}

function anyOf(ids: readonly string[]) {
  return sql<string>`any (${ids}::uuid[])`;
}

function amongPairs(codeIds: readonly string[], personIds: readonly string[]) {
  return sql<boolean>`(code_id, person_id) in (select * from unnest(${codeIds}::uuid[], ${personIds}::uuid[]))`;
}

import { Injectable } from '@nestjs/common';
import { assert } from '#kernel/assert.js';
import { offsetOf, type Paging, pageOf } from '#persistence/paging.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { type CodeRow, codeOf, termColumns, termsRowOf } from './code.table.js';
import type { CodeKind, CodeStatus, CodeTerms, PromoCode } from './domain/code.js';

/** What is written of a code when it is made; its counters begin at zero. */
export interface NewCode extends CodeTerms {
  readonly id: string;
  readonly code: string;
  readonly folded: string;
  readonly status: CodeStatus;
  readonly batchId: string | null;
  readonly createdAt: Temporal.Instant;
  readonly createdBy: string;
}

/** What many new codes have in common. */
export type CommonTerms = Omit<NewCode, 'id' | 'code' | 'folded'>;

/** What differs between codes that are alike. */
export type CodeText = Pick<NewCode, 'id' | 'code' | 'folded'>;

/** Which codes to list; what is not named does not matter, except that archived ones are left out unless asked for. */
export interface CodeFilter {
  readonly ownerId?: string | undefined;
  readonly batchId?: string | undefined;
  readonly kind?: CodeKind | undefined;
  readonly status?: CodeStatus | undefined;
  /** How the folded code begins, or what its title holds. */
  readonly search?: { readonly folded: string; readonly title: string } | undefined;
}

/** One change of a code's terms, for the audit trail. */
export interface CodeChange {
  readonly codeId: string;
  readonly version: number;
  readonly changedBy: string;
  readonly at: Temporal.Instant;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

const madeColumns = [...termColumns, 'batch_id', 'status', 'created_at', 'created_by', 'updated_at'];
const changedColumns = [...termColumns, 'status', 'auto_deactivated_at', 'version', 'updated_at'];
const list = (columns: readonly string[], prefix = '') => columns.map((column) => prefix + column).join(', ');

const insertAlike = `
  insert into promo_code (id, code, folded, ${list(madeColumns)})
  select made.id, made.code, made.folded, ${list(madeColumns, 'common.')}
  from unnest(string_to_array($1, ' ')::uuid[], string_to_array($2, ' '), string_to_array($3, ' ')) as made (id, code, folded),
    json_populate_record(null::promo_code, $4::json) as common`;

const uniqueViolation = '23505';

const matching = `($1::text is null or owner_id = $1) and ($2::uuid is null or batch_id = $2) and ($3::text is null or kind = $3)
  and (case when $4::text is null then status <> 'archived' else status = $4 end)
  and ($5::text is null or starts_with(folded, $5) or strpos(lower(title), $6) > 0)`;

/** Codes in sets: whatever their number, each method is one statement (two for a list). */
@Injectable()
export class CodesStore {
  constructor(private readonly transactions: Transactions) {}

  /** Writes those whose folded code is free, and says which; of the same code twice the first. */
  async add(tx: Tx, codes: readonly NewCode[]): Promise<Set<string>> {
    if (codes.length === 0) return new Set();
    const rows = codes.map((code) => ({ id: code.id, code: code.code, folded: code.folded, ...madeRowOf(code) }));
    const added = await tx.query<{ id: string }>(
      `insert into promo_code (id, code, folded, ${list(madeColumns)})
       select id, code, folded, ${list(madeColumns)} from json_populate_recordset(null::promo_code, $1::json)
       on conflict (folded) do nothing
       returning id`,
      [JSON.stringify(rows)],
    );
    return new Set(added.map(({ id }) => id));
  }

  /**
   * Writes codes that differ in nothing but their text, all of them, and says whether that was possible: when one is
   * taken, none is written and the transaction goes on as it was. Two fifths faster than looking at each, which counts
   * where hundreds of thousands are made that nobody has; in the order of their folded text it is faster still.
   */
  async addAllAlike(tx: Tx, texts: readonly CodeText[], common: CommonTerms): Promise<boolean> {
    await tx.query('savepoint all_alike');
    try {
      await tx.query(insertAlike, alikeValues(texts, common));
    } catch (error) {
      if ((error as { code?: string }).code !== uniqueViolation) throw error;
      await tx.query('rollback to savepoint all_alike');
      return false;
    }
    await tx.query('release savepoint all_alike');
    return true;
  }

  /** Writes those of them that are free, and says how many that were. */
  async addAlike(tx: Tx, texts: readonly CodeText[], common: CommonTerms): Promise<number> {
    const [added] = await tx.query<{ count: number }>(
      `with added as (${insertAlike} on conflict (folded) do nothing returning 1) select count(*) as count from added`,
      alikeValues(texts, common),
    );
    return added?.count ?? 0;
  }

  /** Those of `ids` that exist, locked in the order of ids until the end of the transaction. */
  async lock(tx: Tx, ids: Iterable<string>): Promise<Map<string, PromoCode>> {
    const rows = await tx.query<CodeRow>(
      `select * from promo_code where id = any ($1::uuid[]) order by id for update`,
      [[...new Set(ids)]],
    );
    return new Map(rows.map((row) => [row.id, codeOf(row)]));
  }

  /**
   * Writes what was changed on a code that `lock` gave. Its counters are not written here. A deactivation that comes or
   * goes was not announced yet.
   */
  async save(tx: Tx, code: PromoCode): Promise<void> {
    const row = {
      ...termsRowOf(code),
      status: code.status,
      auto_deactivated_at: code.autoDeactivatedAt,
      version: code.version,
      updated_at: code.updatedAt,
    };
    const saved = await tx.query(
      `update promo_code set (${list(changedColumns)}) =
         (select ${list(changedColumns)} from json_populate_record(null::promo_code, $2::json)),
         deactivation_announced_at =
           case when auto_deactivated_at is not distinct from $3::timestamptz then deactivation_announced_at end
       where id = $1
       returning id`,
      [code.id, JSON.stringify(row), code.autoDeactivatedAt],
    );
    assert(saved.length === 1, 'a locked code is there to be saved');
  }

  /** Whom each code is for, in place of whoever it was for. */
  async setPersons(
    tx: Tx,
    lists: readonly { readonly codeId: string; readonly persons: readonly string[] }[],
  ): Promise<void> {
    if (lists.length === 0) return;
    const ids = lists.map(({ codeId }) => codeId);
    await tx.query(`delete from promo_code_person where code_id = any ($1::uuid[])`, [ids]);
    const pairs = lists.flatMap(({ codeId, persons }) =>
      [...new Set(persons)].map((person) => [codeId, person] as const),
    );
    await tx.query(
      `insert into promo_code_person (code_id, person_id) select * from unnest($1::uuid[], $2::uuid[]) on conflict do nothing`,
      [pairs.map(([codeId]) => codeId), pairs.map(([, person]) => person)],
    );
  }

  /** Those of `ids` that were written are all for the same persons. */
  async listAlike(tx: Tx, ids: readonly string[], persons: readonly string[]): Promise<void> {
    await tx.query(
      `insert into promo_code_person (code_id, person_id)
       select id, person_id from promo_code, unnest($2::uuid[]) as person_id where id = any ($1::uuid[])
       on conflict do nothing`,
      [ids, persons],
    );
  }

  /** Sets the codes whose time is over to expired, at most `limit` of them, and gives their ids. */
  async expire(tx: Tx, now: Temporal.Instant, limit: number): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `with due as (
         select id from promo_code where status = 'active' and valid_until <= $1 order by id limit $2 for update skip locked
       ), expired as (
         update promo_code set status = 'expired', version = version + 1, updated_at = $1
         from due where promo_code.id = due.id
         returning promo_code.id, version
       ), noted as (
         insert into code_change (code_id, version, changed_by, at, before, after)
         select id, version, 'expire-codes', $1, '{"status": "active"}', '{"status": "expired"}' from expired
       )
       select id from expired`,
      [now, limit],
    );
    return rows.map(({ id }) => id);
  }

  async note(tx: Tx, { codeId, version, changedBy, at, before, after }: CodeChange): Promise<void> {
    await tx.query(
      `insert into code_change (code_id, version, changed_by, at, before, after) values ($1, $2, $3, $4, $5, $6)`,
      [codeId, version, changedBy, at, JSON.stringify(before), JSON.stringify(after)],
    );
  }

  async find(id: string): Promise<PromoCode | null> {
    const [row] = await this.transactions.query<CodeRow>(`select * from promo_code where id = $1`, [id]);
    return row ? codeOf(row) : null;
  }

  /** Newest first: the ids grow with time. */
  async list(filter: CodeFilter, paging: Paging) {
    const values = valuesOf(filter);
    const [[counted], rows] = await Promise.all([
      this.transactions.query<{ total: number }>(`select count(*) as total from promo_code where ${matching}`, values),
      this.transactions.query<CodeRow>(
        `select * from promo_code where ${matching} order by id desc limit $7 offset $8`,
        [...values, paging.limit, offsetOf(paging)],
      ),
    ]);
    return pageOf(rows.map(codeOf), counted, paging);
  }

  /** Oldest first, from the one after `after` on. */
  async after(filter: CodeFilter, after: string | null, limit: number): Promise<PromoCode[]> {
    const rows = await this.transactions.query<CodeRow>(
      `select * from promo_code where ${matching} and ($7::uuid is null or id > $7) order by id limit $8`,
      [...valuesOf(filter), after, limit],
    );
    return rows.map(codeOf);
  }

  /** Newest first. */
  async changes(codeId: string, paging: Paging) {
    const [[counted], rows] = await Promise.all([
      this.transactions.query<{ total: number }>(`select count(*) as total from code_change where code_id = $1`, [
        codeId,
      ]),
      this.transactions.query<{
        version: number;
        changed_by: string;
        at: Temporal.Instant;
        before: Record<string, unknown>;
        after: Record<string, unknown>;
      }>(`select * from code_change where code_id = $1 order by version desc limit $2 offset $3`, [
        codeId,
        paging.limit,
        offsetOf(paging),
      ]),
    ]);
    const items = rows.map(({ changed_by: changedBy, ...row }): CodeChange => ({ codeId, changedBy, ...row }));
    return pageOf(items, counted, paging);
  }

  async persons(codeId: string, paging: Paging) {
    const [[counted], rows] = await Promise.all([
      this.transactions.query<{ total: number }>(`select count(*) as total from promo_code_person where code_id = $1`, [
        codeId,
      ]),
      this.transactions.query<{ person_id: string }>(
        `select person_id from promo_code_person where code_id = $1 order by person_id limit $2 offset $3`,
        [codeId, paging.limit, offsetOf(paging)],
      ),
    ]);
    return pageOf(rows, counted, paging);
  }

  /** Whom the code is for, at most `limit` of them, in the transaction that changes it. */
  async listed(tx: Tx, codeId: string, limit: number): Promise<string[]> {
    const rows = await tx.query<{ person_id: string }>(
      `select person_id from promo_code_person where code_id = $1 order by person_id limit $2`,
      [codeId, limit],
    );
    return rows.map(({ person_id: personId }) => personId);
  }
}

function alikeValues(texts: readonly CodeText[], common: CommonTerms): unknown[] {
  // No code holds a space, so one may stand between them. The driver would quote each text of an array by itself, which
  // for ten thousand of them takes as long as drawing them.
  return [
    texts.map(({ id }) => id).join(' '),
    texts.map(({ code }) => code).join(' '),
    texts.map(({ folded }) => folded).join(' '),
    JSON.stringify(madeRowOf(common)),
  ];
}

function valuesOf({ ownerId, batchId, kind, status, search }: CodeFilter): unknown[] {
  const { folded = null, title = null } = search ?? {};
  return [ownerId ?? null, batchId ?? null, kind ?? null, status ?? null, folded, title?.toLowerCase() ?? null];
}

function madeRowOf(code: CommonTerms) {
  return {
    ...termsRowOf(code),
    batch_id: code.batchId,
    status: code.status,
    created_at: code.createdAt,
    created_by: code.createdBy,
    updated_at: code.createdAt,
  };
}

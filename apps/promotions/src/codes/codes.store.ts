import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { assert } from '#kernel/assert.js';
import { type ListOrder, mapPage, newestFirst, type Page, type Paging, pageOf } from '#persistence/paging.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { CodeChangeEntity, CodeEntity, CodePersonEntity } from './code.entity.js';
import { codeProperties, rowOf, termProperties } from './code.table.js';
import type { CodeKind, CodeStatus, CodeTerms, PromoCode } from './domain/code.js';

/** What is written of a code when it is created; its counters begin at zero. */
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

/** Which codes to list. Members that are left out match all; without a status archived codes are left out. */
export interface CodeFilter {
  readonly ownerId?: string | undefined;
  readonly batchId?: string | undefined;
  readonly kind?: CodeKind | undefined;
  readonly status?: CodeStatus | undefined;
  /** The beginning of the folded code, or a part of the title. */
  readonly search?: { readonly folded: string; readonly title: string } | undefined;
}

/** The order of a list of codes: by creation, or by folded text. */
export type CodesSort = 'newest' | 'oldest' | 'code';

/** One change of a code's terms, for the audit trail. */
export interface CodeChange {
  readonly codeId: string;
  readonly version: number;
  readonly changedBy: string;
  readonly at: Temporal.Instant;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

const commonProperties = [
  ...termProperties,
  'batchId',
  'status',
  'createdAt',
  'createdBy',
  'updatedAt',
] as const satisfies readonly (keyof PromoCode)[];
/** The counters of a new code, by the names of their columns. */
const unused = { used: 0, held: 0, given_minor: 0, held_minor: 0, last_entry: 0, version: 1 };

const uniqueViolation = '23505';

/** Codes in sets: each method is one statement for any number of codes (two for a list that is counted). */
@Injectable()
export class CodesStore {
  constructor(private readonly transactions: Transactions) {}

  /** Inserts the codes whose folded text is free; of two with one text the first. @returns the ids of those. */
  async add(tx: Tx, codes: readonly NewCode[]): Promise<Set<string>> {
    if (codes.length === 0) return new Set();
    const rows = codes.map((code) => ({
      ...unused,
      id: code.id,
      code: code.code,
      folded: code.folded,
      ...commonRowOf(code),
    }));
    const added = await tx.query<{ id: string }>(
      `insert into promo_code select * from json_populate_recordset(null::promo_code, $1::json)
       on conflict do nothing
       returning id`,
      [JSON.stringify(rows)],
    );
    return new Set(added.map(({ id }) => id));
  }

  /**
   * Inserts codes that differ only in their text: all of them, or none if one text is taken. The transaction goes on in
   * both cases. Two fifths faster than a check of each, which counts for hundreds of thousands of free codes; sorted by
   * folded text it is faster still.
   * @returns whether they were inserted
   */
  async addAllAlike(tx: Tx, texts: readonly CodeText[], common: CommonTerms): Promise<boolean> {
    await tx.query('savepoint all_alike');
    try {
      await tx.query(
        `insert into promo_code (id, code, folded, title, owner_id, kind, percent_bp, amount_minor, cap_minor,
           minimum_minor, currency, valid_from, valid_until, active_hours, days, max_uses, max_uses_per_person,
           max_uses_per_offer, budget_minor, offers_rule, offers, audience, stacking, precedence, counts_on,
           hold_hours, hold_past_validity, auto_deactivate_on_max_uses, give_back, batch_id, status, created_at, created_by, updated_at)
         select new.id, new.code, new.folded, common.title, common.owner_id, common.kind, common.percent_bp,
           common.amount_minor, common.cap_minor, common.minimum_minor, common.currency, common.valid_from,
           common.valid_until, common.active_hours, common.days, common.max_uses, common.max_uses_per_person,
           common.max_uses_per_offer, common.budget_minor, common.offers_rule, common.offers, common.audience,
           common.stacking, common.precedence, common.counts_on, common.hold_hours, common.hold_past_validity,
           common.auto_deactivate_on_max_uses, common.give_back, common.batch_id, common.status, common.created_at, common.created_by,
           common.updated_at
         from unnest(string_to_array($1, ' ')::uuid[], string_to_array($2, ' '), string_to_array($3, ' '))
             as new (id, code, folded),
           json_populate_record(null::promo_code, $4::json) as common`,
        alikeValues(texts, common),
      );
    } catch (error) {
      if ((error as { code?: string }).code !== uniqueViolation) throw error;
      await tx.query('rollback to savepoint all_alike');
      return false;
    }
    await tx.query('release savepoint all_alike');
    return true;
  }

  /** Inserts those of the codes whose text is free. @returns how many. */
  async addAlike(tx: Tx, texts: readonly CodeText[], common: CommonTerms): Promise<number> {
    const [added] = await tx.query<{ count: number }>(
      `with added as (
         insert into promo_code (id, code, folded, title, owner_id, kind, percent_bp, amount_minor, cap_minor,
           minimum_minor, currency, valid_from, valid_until, active_hours, days, max_uses, max_uses_per_person,
           max_uses_per_offer, budget_minor, offers_rule, offers, audience, stacking, precedence, counts_on,
           hold_hours, hold_past_validity, auto_deactivate_on_max_uses, give_back, batch_id, status, created_at, created_by, updated_at)
         select new.id, new.code, new.folded, common.title, common.owner_id, common.kind, common.percent_bp,
           common.amount_minor, common.cap_minor, common.minimum_minor, common.currency, common.valid_from,
           common.valid_until, common.active_hours, common.days, common.max_uses, common.max_uses_per_person,
           common.max_uses_per_offer, common.budget_minor, common.offers_rule, common.offers, common.audience,
           common.stacking, common.precedence, common.counts_on, common.hold_hours, common.hold_past_validity,
           common.auto_deactivate_on_max_uses, common.give_back, common.batch_id, common.status, common.created_at, common.created_by,
           common.updated_at
         from unnest(string_to_array($1, ' ')::uuid[], string_to_array($2, ' '), string_to_array($3, ' '))
             as new (id, code, folded),
           json_populate_record(null::promo_code, $4::json) as common
         on conflict do nothing
         returning 1
       )
       select count(*) as count from added`,
      alikeValues(texts, common),
    );
    return added?.count ?? 0;
  }

  /** The codes with these ids, locked in the order of ids until the transaction ends. */
  async lock(tx: Tx, ids: Iterable<string>): Promise<Map<string, PromoCode>> {
    const codes: PromoCode[] = await tx
      .kysely(CodeEntity)
      .selectFrom('promo_code')
      .select(codeProperties)
      .where('id', '=', sql<string>`any (${[...new Set(ids)]}::uuid[])`)
      .orderBy('id')
      .forUpdate()
      .execute();
    return new Map(codes.map((code) => [code.id, code]));
  }

  /**
   * Updates a code that `lock` returned, without its counters. If its deactivation changed, the new one is not
   * announced yet.
   */
  async save(tx: Tx, code: PromoCode): Promise<void> {
    const saved = await tx
      .kysely(CodeEntity)
      .updateTable('promo_code')
      .set(changedOf(code))
      .where('id', '=', code.id)
      .returning('id')
      .execute();
    assert(saved.length === 1, 'a locked code exists');
  }

  /** Replaces the listed persons of each of these codes. */
  async setPersons(
    tx: Tx,
    lists: readonly { readonly codeId: string; readonly persons: readonly string[] }[],
  ): Promise<void> {
    if (lists.length === 0) return;
    const ids = lists.map(({ codeId }) => codeId);
    await tx
      .kysely(CodePersonEntity)
      .deleteFrom('promo_code_person')
      .where('codeId', '=', sql<string>`any (${ids}::uuid[])`)
      .execute();
    const pairs = lists.flatMap(({ codeId, persons }) =>
      [...new Set(persons)].map((person) => [codeId, person] as const),
    );
    // More pairs than a statement may have parameters.
    await tx.query(
      `insert into promo_code_person (code_id, person_id) select * from unnest($1::uuid[], $2::uuid[]) on conflict do nothing`,
      [pairs.map(([codeId]) => codeId), pairs.map(([, person]) => person)],
    );
  }

  /** Lists the same persons for all codes with these ids that exist. */
  async listAlike(tx: Tx, ids: readonly string[], persons: readonly string[]): Promise<void> {
    await tx.query(
      `insert into promo_code_person (code_id, person_id)
       select id, person_id from promo_code, unnest($2::uuid[]) as person_id where id = any ($1::uuid[])
       on conflict do nothing`,
      [ids, persons],
    );
  }

  /** Sets at most `limit` codes to expired whose validity has ended. @returns their ids. */
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

  /** Adds a change to the audit trail. */
  async addChange(tx: Tx, change: CodeChange): Promise<void> {
    await tx.kysely(CodeChangeEntity).insertInto('code_change').values(change).execute();
  }

  async find(id: string): Promise<PromoCode | null> {
    const code = await this.codes().select(codeProperties).where('id', '=', id).executeTakeFirst();
    return code ?? null;
  }

  list(filter: CodeFilter, paging: Paging, sort: CodesSort = 'newest'): Promise<Page<PromoCode>> {
    const matching = this.matching(filter);
    const selected = matching.select([...codeProperties, 'folded']);
    return pageOf({ matching, selected, order: orderOf(sort, filter) }, paging);
  }

  /** Oldest first, beginning with the code that follows the id `after`. */
  async after(filter: CodeFilter, after: string | null, limit: number): Promise<PromoCode[]> {
    const matching = this.matching(filter);
    const left = after === null ? matching : matching.where('id', '>', after);
    return left.select(codeProperties).orderBy('id').limit(limit).execute();
  }

  /** The audit trail of a code, newest first. */
  changes(codeId: string, paging: Paging): Promise<Page<CodeChange>> {
    const matching = this.transactions.kysely(CodeChangeEntity).selectFrom('code_change').where('codeId', '=', codeId);
    const order = { by: ['version'], direction: 'desc' } as const;
    return pageOf({ matching, selected: matching.selectAll(), order }, paging);
  }

  /** The listed persons of a code. */
  async persons(codeId: string, paging: Paging): Promise<Page<{ person_id: string }>> {
    const matching = this.transactions
      .kysely(CodePersonEntity)
      .selectFrom('promo_code_person')
      .where('codeId', '=', codeId);
    const order = { by: ['personId'], direction: 'asc' } as const;
    const page = await pageOf({ matching, selected: matching.select('personId'), order }, paging);
    return mapPage(page, ({ personId }) => ({ person_id: personId }));
  }

  /** At most `limit` of the listed persons of a code, in the transaction that changes the code. */
  async listed(tx: Tx, codeId: string, limit: number): Promise<string[]> {
    const rows = await tx
      .kysely(CodePersonEntity)
      .selectFrom('promo_code_person')
      .select('personId')
      .where('codeId', '=', codeId)
      .orderBy('personId')
      .limit(limit)
      .execute();
    return rows.map(({ personId }) => personId);
  }

  private codes() {
    return this.transactions.kysely(CodeEntity).selectFrom('promo_code');
  }

  private matching({ ownerId, batchId, kind, status, search }: CodeFilter) {
    let codes = this.codes().where('status', status ? '=' : '<>', status ?? 'archived');
    if (ownerId !== undefined) codes = codes.where('ownerId', '=', ownerId);
    if (batchId !== undefined) codes = codes.where('batchId', '=', batchId);
    if (kind !== undefined) codes = codes.where('kind', '=', kind);
    if (search === undefined) return codes;
    return codes.where(
      sql<boolean>`(starts_with(folded, ${search.folded}) or strpos(lower(title), ${search.title.toLowerCase()}) > 0)`,
    );
  }
}

/** Ids grow with time. Archived codes may have the same text. */
function orderOf(sort: CodesSort, { status }: CodeFilter): ListOrder {
  if (sort === 'code') return { by: status === 'archived' ? ['folded', 'id'] : ['folded'], direction: 'asc' };
  return sort === 'oldest' ? { by: ['id'], direction: 'asc' } : newestFirst;
}

/** Without counters. MikroORM's text[] takes an element NULL for the null: the offers are a parameter of their own. */
function changedOf(code: PromoCode) {
  const terms = Object.fromEntries(
    termProperties.map((property) => [property, code[property]]),
  ) as unknown as CodeTerms;
  return {
    ...terms,
    offers: sql<readonly string[]>`${code.offers}::text[]`,
    status: code.status,
    autoDeactivatedAt: code.autoDeactivatedAt,
    version: code.version,
    updatedAt: code.updatedAt,
    deactivationAnnouncedAt: sql<Temporal.Instant | null>`case when auto_deactivated_at
      is not distinct from ${code.autoDeactivatedAt}::timestamptz then deactivation_announced_at end`,
  };
}

function alikeValues(texts: readonly CodeText[], common: CommonTerms): unknown[] {
  // No code holds a space, so a space separates them. The driver would quote each text of an array by itself, which
  // takes as long for ten thousand texts as to draw them.
  return [
    texts.map(({ id }) => id).join(' '),
    texts.map(({ code }) => code).join(' '),
    texts.map(({ folded }) => folded).join(' '),
    JSON.stringify(commonRowOf(common)),
  ];
}

function commonRowOf(code: CommonTerms) {
  return rowOf({ ...code, updatedAt: code.createdAt }, commonProperties);
}

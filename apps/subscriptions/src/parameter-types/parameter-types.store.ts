import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Refusal } from '#kernel/refusal.js';
import { jsonRecords } from '#persistence/entities/json-records.js';
import { type Page, type Paging, pageOf } from '#persistence/paging.js';
import { Transactions, type Tx, type Typed } from '#persistence/transaction.js';
import { type Check, type Checks, compileSchema } from './domain/parameter-schema.js';
import type { ParameterType } from './domain/parameter-type.js';
import { ParameterTypeEntity } from './parameter-type.entity.js';

type Presentation = Pick<ParameterType, 'name' | 'version' | 'uiSchema'>;

/** Parameter types, and the checks that their schemas compile to. */
@Injectable()
export class ParameterTypesStore {
  /** The schema of a saved type never changes, so a compiled check stays valid for the life of the process. */
  private readonly checks = new Map<string, Check>();

  constructor(private readonly transactions: Transactions) {}

  /** @throws Refusal PARAMETER_TYPE_EXISTS */
  async add(tx: Tx, type: ParameterType): Promise<void> {
    const added = await tx
      .kysely(ParameterTypeEntity)
      .insertInto('parameter_types')
      .values(type)
      .onConflict((conflict) => conflict.doNothing())
      .returning('name')
      .execute();
    if (added.length === 1) return;
    throw new Refusal('PARAMETER_TYPE_EXISTS', `A parameter type ${type.name} exists already.`, { field: 'name' });
  }

  /** Adds the types whose name is free, in one statement. */
  async addMissing(tx: Tx, types: readonly ParameterType[]): Promise<void> {
    await tx.query(
      `insert into parameter_types (name, schema, ui_schema, version, saved_at)
       select name, schema, ui_schema, version, saved_at
       from json_populate_recordset(null::parameter_types, $1::json)
       on conflict (name) do nothing`,
      [jsonRecords(types)],
    );
  }

  /** @throws Refusal PARAMETER_TYPE_NOT_FOUND */
  async get(name: string, source: Typed = this.transactions): Promise<ParameterType> {
    const type = await types(source).selectAll().where('name', '=', name).executeTakeFirst();
    if (!type) throw new Refusal('PARAMETER_TYPE_NOT_FOUND', 'There is no such parameter type.', { field: 'name' });
    return type;
  }

  /**
   * Replaces the presentation of a type that is at `version`, and counts the change.
   * @throws Refusal PARAMETER_TYPE_NOT_FOUND, PARAMETER_TYPE_CHANGED
   */
  async present(
    tx: Tx,
    { name, version, uiSchema }: Presentation,
    changedAt: Temporal.Instant,
  ): Promise<ParameterType> {
    const changed = await tx
      .kysely(ParameterTypeEntity)
      .updateTable('parameter_types')
      .set(({ eb }) => ({ uiSchema, version: eb('version', '+', 1), changedAt }))
      .where('name', '=', name)
      .where('version', '=', version)
      .returningAll()
      .executeTakeFirst();
    if (changed) return changed;
    const { version: newest } = await this.get(name, tx);
    const message = `This parameter type was changed meanwhile: it is at version ${newest}.`;
    throw new Refusal('PARAMETER_TYPE_CHANGED', message, { field: 'version', newest });
  }

  /** The checks of the types that exist, by name. */
  async checksOf(names: readonly string[], source: Typed = this.transactions): Promise<Checks> {
    const missing = [...new Set(names)].filter((name) => !this.checks.has(name));
    if (missing.length > 0) {
      const found = await types(source)
        .select(['name', 'schema'])
        .where('name', '=', sql<string>`any (${missing}::text[])`)
        .execute();
      for (const { name, schema } of found) this.checks.set(name, compileSchema(schema));
    }
    return new Map(names.flatMap((name) => (this.checks.has(name) ? [[name, this.checks.get(name) as Check]] : [])));
  }

  /** By name. */
  list(paging: Paging): Promise<Page<ParameterType>> {
    const matching = types(this.transactions);
    const order = { by: ['name'], direction: 'asc' } as const;
    return pageOf({ matching, selected: matching.selectAll(), order }, paging);
  }
}

function types(source: Typed) {
  return source.kysely(ParameterTypeEntity).selectFrom('parameter_types');
}

import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Refusal } from '#kernel/refusal.js';
import { type Page, type Paging, pageOf } from '#persistence/paging.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { type Check, type Checks, compileSchema } from './domain/parameter-schema.js';
import type { ParameterType } from './domain/parameter-type.js';
import { ParameterTypeEntity } from './parameter-type.entity.js';

/** Parameter types, and the checks that their schemas compile to. */
@Injectable()
export class ParameterTypesStore {
  /** A saved type never changes, so a compiled check stays valid for the life of the process. */
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

  /** The checks of the types that exist, by name. */
  async checksOf(tx: Tx, names: readonly string[]): Promise<Checks> {
    const missing = [...new Set(names)].filter((name) => !this.checks.has(name));
    if (missing.length > 0) {
      const types = await tx
        .kysely(ParameterTypeEntity)
        .selectFrom('parameter_types')
        .select(['name', 'schema'])
        .where('name', '=', sql<string>`any (${missing}::text[])`)
        .execute();
      for (const { name, schema } of types) this.checks.set(name, compileSchema(schema));
    }
    return new Map(names.flatMap((name) => (this.checks.has(name) ? [[name, this.checks.get(name) as Check]] : [])));
  }

  /** By name. */
  list(paging: Paging): Promise<Page<ParameterType>> {
    const matching = this.transactions.kysely(ParameterTypeEntity).selectFrom('parameter_types');
    const order = { by: ['name'], direction: 'asc' } as const;
    return pageOf({ matching, selected: matching.selectAll(), order }, paging);
  }
}

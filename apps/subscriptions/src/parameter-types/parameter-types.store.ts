import { MikroORM } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Refusal } from '#kernel/refusal.js';
import { offsetOf, type Page, type Paging } from '#persistence/paging.js';
import type { Tx } from '#persistence/transaction.js';
import { type Check, type Checks, compileSchema } from './domain/parameter-schema.js';
import { ParameterType } from './domain/parameter-type.js';

/** Parameter types, and what their schemas compile to. */
@Injectable()
export class ParameterTypesStore {
  /** A type never changes once saved, so what was compiled for it stays right for as long as the process lives. */
  private readonly checks = new Map<string, Check>();

  constructor(private readonly orm: MikroORM) {}

  /** @throws Refusal PARAMETER_TYPE_EXISTS */
  async add(tx: Tx, type: ParameterType): Promise<void> {
    const added = await tx.query(
      `insert into parameter_types (name, schema, ui_schema, saved_at) values ($1, $2, $3, $4)
       on conflict do nothing returning name`,
      [type.name, JSON.stringify(type.schema), JSON.stringify(type.uiSchema), type.savedAt],
    );
    if (added.length === 1) return;
    throw new Refusal('PARAMETER_TYPE_EXISTS', `There is a parameter type ${type.name} already.`, { field: 'name' });
  }

  /** The checks of those of `names` that exist. */
  async checksOf(tx: Tx, names: readonly string[]): Promise<Checks> {
    const missing = [...new Set(names)].filter((name) => !this.checks.has(name));
    if (missing.length > 0) {
      for (const { name, schema } of await tx.em.find(ParameterType, { name: { $in: missing } })) {
        this.checks.set(name, compileSchema(schema));
      }
    }
    return new Map(names.flatMap((name) => (this.checks.has(name) ? [[name, this.checks.get(name) as Check]] : [])));
  }

  async list(paging: Paging): Promise<Page<ParameterType>> {
    const [items, total] = await this.orm.em
      .fork()
      .findAndCount(ParameterType, {}, { orderBy: { name: 'asc' }, limit: paging.limit, offset: offsetOf(paging) });
    return { items, total, ...paging };
  }
}

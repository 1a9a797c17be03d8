import type { EntitySchema } from '@mikro-orm/postgresql';

const statementsOf = new WeakMap<object, readonly string[]>();

/**
 * States in an entity's file what MikroORM has no words for, as SQL: storage parameters, triggers, an odd index. The
 * migration does it; the comparison of entities and database holds these statements to it as well.
 * @returns the entity itself
 */
export function completedBySql<Entity extends object>(entity: Entity, ...statements: readonly string[]): Entity {
  statementsOf.set(entity, statements);
  return entity;
}

/** The statements that complete an entity; none for most. */
export function completingSql(entity: EntitySchema | object): readonly string[] {
  return statementsOf.get(entity) ?? [];
}

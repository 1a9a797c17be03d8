import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';

/** The projection of persons: added by person-registered, or by the first order or bonus of a person. */
export const PersonEntity = defineEntity({
  name: 'Person',
  tableName: 'person',
  properties: { personId: p.uuid().primary(), knownSince: column.instant() },
});

import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';

type JsonObject = Record<string, unknown>;

/** Only the presentation changes, and counts the version. */
export const ParameterTypeEntity = defineEntity({
  name: 'ParameterType',
  tableName: 'parameter_types',
  properties: {
    name: p.text().primary(),
    schema: column.jsonb<JsonObject>(),
    uiSchema: column.jsonb<JsonObject>(),
    version: p.integer().default(1).check('version >= 1'),
    savedAt: column.instant(),
    changedAt: column.instant().nullable(),
  },
});

import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';

type JsonObject = Record<string, unknown>;

/** A row never changes after its insert. */
export const ParameterTypeEntity = defineEntity({
  name: 'ParameterType',
  tableName: 'parameter_types',
  properties: {
    name: p.text().primary(),
    schema: column.jsonb<JsonObject>(),
    uiSchema: column.jsonb<JsonObject>(),
    savedAt: column.instant(),
  },
});

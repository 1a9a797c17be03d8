import { defineEntity, p } from '@mikro-orm/core';
import { InstantColumn } from '#persistence/column-types.js';
import { ParameterType } from './domain/parameter-type.js';

type JsonObject = Record<string, unknown>;

export const ParameterTypeTable = defineEntity({
  class: ParameterType,
  tableName: 'parameter_types',
  properties: {
    name: p.text().primary(),
    schema: p.json<JsonObject>(),
    uiSchema: p.json<JsonObject>(),
    savedAt: p.type(InstantColumn).$type<Temporal.Instant>(),
  },
});

import { defineEntity, p } from '@mikro-orm/core';
import { InstantColumn } from '#persistence/column-types.js';
import { Person } from './domain/person.js';

export const PersonTable = defineEntity({
  class: Person,
  tableName: 'persons',
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    username: p.text(),
    email: p.text(),
    registeredAt: p.type(InstantColumn).$type<Temporal.Instant>(),
  },
});

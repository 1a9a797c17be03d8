import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';

/** Usernames and email addresses are unique, ignoring case. */
export const PersonEntity = defineEntity({
  name: 'Person',
  tableName: 'persons',
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    username: p.text(),
    email: p.text(),
    registeredAt: column.instant(),
  },
  indexes: [
    { name: 'persons_username', expression: 'create unique index persons_username on persons (lower(username))' },
    { name: 'persons_email', expression: 'create unique index persons_email on persons (lower(email))' },
  ],
});

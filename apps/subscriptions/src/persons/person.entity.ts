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
    issuer: p.text().nullable(),
    subject: p.text().nullable(),
  },
  checks: [{ name: 'persons_issuer_of_subject', expression: '(issuer is null) = (subject is null)' }],
  uniques: [{ name: 'persons_subject', properties: ['issuer', 'subject'] }],
  indexes: [
    { name: 'persons_username', expression: 'create unique index persons_username on persons (lower(username))' },
    { name: 'persons_email', expression: 'create unique index persons_email on persons (lower(email))' },
  ],
});

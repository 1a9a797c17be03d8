import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';

/** Usernames are unique, ignoring case. So are verified email addresses: anybody may state one that is not theirs. */
export const PersonEntity = defineEntity({
  name: 'Person',
  tableName: 'persons',
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    nameWords: column.ascii().comment('The words of the name for searches: see wordsOf.'),
    username: p.text(),
    email: p.text(),
    emailKey: column.ascii().comment('What spellings of one address have in common: see emailKey.'),
    emailVerified: p.boolean().comment('Whether the token issuer verified the address.'),
    version: p.integer(),
    registeredAt: column.instant(),
    issuer: p.text().nullable(),
    subject: p.text().nullable(),
  },
  checks: [{ name: 'persons_issuer_of_subject', expression: '(issuer is null) = (subject is null)' }],
  uniques: [{ name: 'persons_subject', properties: ['issuer', 'subject'] }],
  indexes: [
    {
      name: 'persons_username',
      expression: 'create unique index persons_username on persons (lower(username) collate "C")',
    },
    {
      name: 'persons_verified_email',
      expression: 'create unique index persons_verified_email on persons (email_key) where email_verified',
    },
    { name: 'persons_email', properties: ['emailKey'] },
    {
      name: 'persons_words',
      expression: `create index persons_words on persons using gin (array_to_tsvector(string_to_array(name_words, ' ')))`,
    },
  ],
});

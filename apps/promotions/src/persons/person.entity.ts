import { defineEntity, p } from '@mikro-orm/postgresql';

export const PersonEntity = defineEntity({
  name: 'Person',
  tableName: 'person',
  comment: 'The projection of registered persons: names for reports, and who is new.',
  properties: {
    id: p.uuid().primary(),
    name: p.text().comment('Empty until the registration of the person is received.'),
    username: p.text(),
    email: p.text(),
    version: p.integer().default(0).comment('The newest version that was received; 0 before the first.'),
    hasClosedOrder: p.boolean().default(false),
  },
});

import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';
import type { Application } from './domain/application.js';

/** Bonus codes that persons applied. */
export const ApplicationEntity = defineEntity({
  name: 'Application',
  tableName: 'promo_application',
  properties: {
    codeId: p.uuid().primary(),
    personId: p.uuid().primary(),
    appliedAt: column.instant(),
    redemptionId: p
      .uuid()
      .nullable()
      .comment('The hold of a code that counts on apply. A conversion redeems it, and the application is spent.'),
    state: column.oneOf<Application['state']>().check(`state in ('applied', 'spent')`),
  },
  indexes: [{ name: 'promo_application_of_person', properties: ['personId'] }],
});

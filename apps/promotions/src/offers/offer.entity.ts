import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';

export const OfferEntity = defineEntity({
  name: 'Offer',
  tableName: 'offer',
  comment: 'What a code can be used for: a published class, or what an admin registers for an external system.',
  indexes: [{ name: 'offer_newest', properties: ['registeredAt', 'id'] }],
  properties: {
    id: column.ascii().primary(),
    name: p.text(),
    classId: p.uuid().nullable().unique(),
    currency: p.text().nullable().comment('The currency of its conversions; null where any will do.'),
    sender: p
      .text()
      .nullable()
      .comment('The outside system that alone records its conversions; null where every sender and admins may.'),
    registeredAt: column.instant(),
    changedAt: column.instant(),
    deletedAt: column.instant().nullable(),
  },
});

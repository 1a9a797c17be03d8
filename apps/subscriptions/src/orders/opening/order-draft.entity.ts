import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';

/** Orders with promo codes that are not opened yet. Opening and voiding delete the row. */
export const OrderDraftEntity = defineEntity({
  name: 'OrderDraft',
  tableName: 'order_drafts',
  properties: {
    commandId: p.text().primary(),
    orderId: p.uuid().unique(),
    draftedAt: column.instant().index('order_drafts_age'),
  },
});

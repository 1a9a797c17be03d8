import type { Database } from '#persistence/database.js';
import { ClassTable } from './classes/class.table.js';
import { CatalogueAndOrders } from './migrations/catalogue-and-orders.migration.js';
import { Discounts } from './migrations/discounts.migration.js';
import { InboxByAge } from './migrations/inbox-by-age.migration.js';
import { InboxByMessage } from './migrations/inbox-by-message.migration.js';
import { MessagesAsJson } from './migrations/messages-as-json.migration.js';
import { ParameterTypeTable } from './parameter-types/parameter-type.table.js';
import { PersonTable } from './persons/person.table.js';

/**
 * The service's database. The nouns that are read and written one by one are mapped; orders and enrolments move in sets
 * and speak SQL in their stores.
 */
export function subscriptionsDatabase(url: string): Database {
  return {
    url,
    entities: [PersonTable, ParameterTypeTable, ClassTable],
    migrations: [
      { name: '0001-catalogue-and-orders', class: CatalogueAndOrders },
      { name: '0002-discounts', class: Discounts },
      { name: '0003-messages-as-json', class: MessagesAsJson },
      { name: '0004-inbox-by-age', class: InboxByAge },
      { name: '0005-inbox-by-message', class: InboxByMessage },
    ],
  };
}

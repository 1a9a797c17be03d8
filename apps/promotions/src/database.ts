import type { Database } from '#persistence/database.js';
import { BatchEntity, ImportRowEntity } from './codes/batches/batch.entity.js';
import { CodeChangeEntity, CodeEntity, CodePersonEntity } from './codes/code.entity.js';
import { CodeDefaults } from './migrations/code-defaults.migration.js';
import { FoldOffers } from './migrations/fold-offers.migration.js';
import { InboxByAge } from './migrations/inbox-by-age.migration.js';
import { InboxByMessage } from './migrations/inbox-by-message.migration.js';
import { LabelledAdmission } from './migrations/labelled-admission.migration.js';
import { MessagesAsJson } from './migrations/messages-as-json.migration.js';
import { Promotions } from './migrations/promotions.migration.js';
import { TrimOffers } from './migrations/trim-offers.migration.js';
import { UsedCodes } from './migrations/used-codes.migration.js';
import { UsesByKey } from './migrations/uses-by-key.migration.js';
import { OfferEntity } from './offers/offer.entity.js';
import { PersonEntity } from './persons/person.entity.js';

/** The service's database. Everything in it moves in sets, so the stores speak SQL and nothing is mapped. */
export function promotionsDatabase(url: string): Database {
  return {
    url,
    entities: [CodeEntity, CodePersonEntity, CodeChangeEntity, BatchEntity, ImportRowEntity, OfferEntity, PersonEntity],
    migrations: [
      { name: '2026-11-20-promotions', class: Promotions },
      { name: '2026-11-20-code-defaults', class: CodeDefaults },
      { name: '2026-11-21-messages-as-json', class: MessagesAsJson },
      { name: '2026-11-21-inbox-by-age', class: InboxByAge },
      { name: '2026-11-21-used-codes', class: UsedCodes },
      { name: '2026-11-21-fold-offers', class: FoldOffers },
      { name: '2026-11-21-trim-offers', class: TrimOffers },
      { name: '2026-11-22-labelled-admission', class: LabelledAdmission },
      { name: '2026-11-22-uses-by-key', class: UsesByKey },
      { name: '2026-11-22-inbox-by-message', class: InboxByMessage },
    ],
  };
}

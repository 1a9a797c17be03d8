import { messagingAppendOnly, messagingEntities } from '#messaging/messaging.entities.js';
import type { Database } from '#persistence/database.js';
import {
  RollupEntity,
  RollupPersonEntity,
  RollupVisitEntity,
  RollupWatermarkEntity,
} from './analytics/rollups/rollup.entity.js';
import { ApplicationEntity } from './applications/application.entity.js';
import { BatchEntity, ImportRowEntity } from './codes/batches/batch.entity.js';
import { CodeChangeEntity, CodeEntity, CodePersonEntity } from './codes/code.entity.js';
import { ConversionEntity } from './conversions/conversion.entity.js';
import { RollupRefusalEntity } from './decisions/refusals/rollup-refusal.entity.js';
import { Baseline } from './migrations/baseline.migration.js';
import { OfferEntity } from './offers/offer.entity.js';
import { PersonEntity } from './persons/person.entity.js';
import { DecisionReceiptEntity, RefusalNotRolledUpEntity } from './redemptions/decision-receipt.entity.js';
import {
  NewPersonUsageEntity,
  OfferUsageEntity,
  PersonUsageEntity,
  RedemptionEntity,
  RedemptionEntryEntity,
} from './redemptions/redemption.entity.js';

/** The service's database: its tables by migrations, its functions by the `.sql` files beside the use cases. */
export function promotionsDatabase(url: string): Database {
  return {
    url,
    entities: [
      ...messagingEntities,
      CodeEntity,
      CodePersonEntity,
      CodeChangeEntity,
      BatchEntity,
      ImportRowEntity,
      OfferEntity,
      PersonEntity,
      RedemptionEntity,
      RedemptionEntryEntity,
      PersonUsageEntity,
      OfferUsageEntity,
      NewPersonUsageEntity,
      DecisionReceiptEntity,
      RefusalNotRolledUpEntity,
      RollupRefusalEntity,
      ApplicationEntity,
      ConversionEntity,
      RollupEntity,
      RollupPersonEntity,
      RollupVisitEntity,
      RollupWatermarkEntity,
    ],
    migrations: [{ name: '0001-baseline', class: Baseline }],
    functionsIn: import.meta.dirname,
    appendOnly: { ...messagingAppendOnly, redemption_entry: [], decision_receipt: [], code_change: [] },
  };
}

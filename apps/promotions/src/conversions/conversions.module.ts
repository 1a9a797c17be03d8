import { Module } from '@nestjs/common';
import { ApplicationsModule } from '../applications/applications.module.js';
import { OffersModule } from '../offers/offers.module.js';
import { PersonsModule } from '../persons/persons.module.js';
import { RedemptionsModule } from '../redemptions/redemptions.module.js';
import { AddConversions } from './add-conversions.js';
import { ConversionsConsumer } from './conversions.consumer.js';
import { ConversionsStore } from './conversions.store.js';
import { ConvertOrders } from './convert-orders.js';
import { EarnBonuses } from './earn-bonuses.js';
import { FindReferences } from './find-references.js';
import { PrefilterCandidates } from './prefilter-candidates.js';
import { ReadConversion } from './read-conversion.js';
import { RecordConversions } from './record-conversions.js';
import { ReverseBonuses } from './reverse-bonuses.js';
import { ReverseConversions } from './reverse-conversions.js';

/** Conversions of outside systems and of closed orders: the bonuses that they earn, and their reversal. */
@Module({
  imports: [RedemptionsModule, ApplicationsModule, OffersModule, PersonsModule],
  controllers: [ConversionsConsumer],
  providers: [
    ConversionsStore,
    PrefilterCandidates,
    EarnBonuses,
    FindReferences,
    AddConversions,
    RecordConversions,
    ConvertOrders,
    ReverseBonuses,
    ReverseConversions,
    ReadConversion,
  ],
  exports: [ConvertOrders],
})
export class ConversionsModule {}

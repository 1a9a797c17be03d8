import { Module } from '@nestjs/common';
import { AlterOffers } from './alter-offers.js';
import { ChangeOffer } from './change-offer.js';
import { DeleteOffer } from './delete-offer.js';
import { FindOffers } from './find-offers.js';
import { OffersConsumer } from './offers.consumer.js';
import { OffersStore } from './offers.store.js';
import { ProjectClasses } from './project-classes.js';
import { ReadOffers } from './read-offers.js';
import { RegisterOffer } from './register-offer.js';

/** What codes can be used for: published classes, and offers of external systems. */
@Module({
  controllers: [OffersConsumer],
  providers: [
    OffersStore,
    FindOffers,
    ProjectClasses,
    RegisterOffer,
    AlterOffers,
    ChangeOffer,
    DeleteOffer,
    ReadOffers,
  ],
  exports: [OffersStore, FindOffers],
})
export class OffersModule {}

import { Module } from '@nestjs/common';
import { OffersModule } from '../offers/offers.module.js';
import { RedemptionsModule } from '../redemptions/redemptions.module.js';
import { AdmitApplications } from './admit-applications.js';
import { ApplicationsConsumer } from './applications.consumer.js';
import { ApplicationsStore } from './applications.store.js';
import { ApplyCodes } from './apply-codes.js';
import { ReadHeldCodes } from './read-held-codes.js';

/** Bonus codes that persons apply. */
@Module({
  imports: [RedemptionsModule, OffersModule],
  controllers: [ApplicationsConsumer],
  providers: [ApplicationsStore, AdmitApplications, ApplyCodes, ReadHeldCodes],
  exports: [ApplicationsStore],
})
export class ApplicationsModule {}

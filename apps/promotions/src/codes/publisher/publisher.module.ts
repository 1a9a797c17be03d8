import { Module } from '@nestjs/common';
import { OffersModule } from '../../offers/offers.module.js';
import { CodesModule } from '../codes.module.js';
import { PublisherCodesConsumer } from './publisher-codes.consumer.js';
import { ReadPublisherCodes } from './read-publisher-codes.js';

/** The codes of a publisher, as the publisher reads them. */
@Module({
  imports: [CodesModule, OffersModule],
  controllers: [PublisherCodesConsumer],
  providers: [ReadPublisherCodes],
})
export class PublisherModule {}

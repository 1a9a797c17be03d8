import type { Feature } from '#jobs/feature.js';
import { PublisherCodesConsumer } from './publisher-codes.consumer.js';
import { ReadPublisherCodes } from './read-publisher-codes.js';

export const publisher: Feature = {
  controllers: [PublisherCodesConsumer],
  providers: [ReadPublisherCodes],
};

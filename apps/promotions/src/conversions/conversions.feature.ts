import type { Feature } from '#jobs/feature.js';
import { ConversionsConsumer } from './conversions.consumer.js';
import { ConversionsStore } from './conversions.store.js';
import { ConvertOrders } from './convert-orders.js';
import { EarnBonuses } from './earn-bonuses.js';
import { PrefilterCandidates } from './prefilter-candidates.js';
import { ReadConversion } from './read-conversion.js';
import { RecordConversions } from './record-conversions.js';
import { ReverseConversions } from './reverse-conversions.js';

export const conversions: Feature = {
  controllers: [ConversionsConsumer],
  providers: [
    ConversionsStore,
    EarnBonuses,
    PrefilterCandidates,
    RecordConversions,
    ConvertOrders,
    ReverseConversions,
    ReadConversion,
  ],
};

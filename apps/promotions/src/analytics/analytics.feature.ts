import type { Feature } from '#jobs/feature.js';
import { AnalyticsConsumer } from './analytics.consumer.js';
import { AnalyticsStore } from './analytics.store.js';
import { JournalStore } from './journal.store.js';
import { ListApplications } from './list-applications.js';
import { ListReceipts } from './list-receipts.js';
import { ProveCode } from './prove-code.js';
import { RankCodes } from './rank-codes.js';
import { ReadOfferAnalytics } from './read-offer-analytics.js';
import { ReadSeries } from './read-series.js';
import { ReceiptsStore } from './receipts.store.js';
import { RollUp } from './roll-up.js';
import { RollupAnalyticsJob, rollupAnalyticsJob } from './rollup-analytics.job.js';

/** Readers add the entries since; this keeps those few. */
const rollupEveryMs = 10_000;

export const analytics: Feature = {
  controllers: [AnalyticsConsumer],
  providers: [
    AnalyticsStore,
    ReceiptsStore,
    JournalStore,
    ReadOfferAnalytics,
    ListApplications,
    ReadSeries,
    RankCodes,
    ListReceipts,
    ProveCode,
    RollUp,
    RollupAnalyticsJob,
  ],
  jobs: [rollupAnalyticsJob],
  schedules: () => [{ job: rollupAnalyticsJob, data: {}, everyMs: rollupEveryMs }],
};

import { Module } from '@nestjs/common';
import { JobsModule } from '#jobs/jobs.module.js';
import { AnalyticsConsumer } from './analytics.consumer.js';
import { AnalyticsStore } from './analytics.store.js';
import { JournalConsumer } from './journal/journal.consumer.js';
import { JournalStore } from './journal/journal.store.js';
import { ListApplications } from './journal/list-applications.js';
import { ProveCode } from './prove-code.js';
import { RankCodes } from './rank-codes.js';
import { ReadOfferAnalytics } from './read-offer-analytics.js';
import { ReadSeries } from './read-series.js';
import { RollUp } from './rollups/roll-up.js';
import { RollupAnalyticsJob, rollupAnalyticsJob } from './rollups/rollup-analytics.job.js';

/** Readers add the entries that the rollups do not include; this bounds their number. */
const rollupEveryMs = 10_000;

/** Totals of redemptions, and the journal entry by entry. */
@Module({
  imports: [
    JobsModule.forFeature({
      jobs: [rollupAnalyticsJob],
      schedules: [{ job: rollupAnalyticsJob, data: {}, everyMs: rollupEveryMs }],
    }),
  ],
  controllers: [AnalyticsConsumer, JournalConsumer],
  providers: [
    AnalyticsStore,
    JournalStore,
    ReadOfferAnalytics,
    ReadSeries,
    RankCodes,
    ListApplications,
    ProveCode,
    RollUp,
    RollupAnalyticsJob,
  ],
})
export class AnalyticsModule {}

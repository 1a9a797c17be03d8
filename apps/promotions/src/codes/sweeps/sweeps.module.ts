import { Module } from '@nestjs/common';
import { JobsModule } from '#jobs/jobs.module.js';
import { PromotionsSettings } from '../../promotions.config.js';
import { CodesModule } from '../codes.module.js';
import { AnnounceDeactivationsJob, announceDeactivationsJob } from './announce-deactivations.job.js';
import { AnnounceDeactivations } from './announce-deactivations.js';
import { ExpireCodesJob, expireCodesJob } from './expire-codes.job.js';
import { ExpireCodes } from './expire-codes.js';

/** Background jobs on codes: they expire and announce; no decision depends on them. */
@Module({
  imports: [
    CodesModule,
    JobsModule.forFeature({
      jobs: [expireCodesJob, announceDeactivationsJob],
      schedules: {
        inject: [PromotionsSettings],
        useFactory: ({ sweepEveryMs }: PromotionsSettings) => [
          { job: expireCodesJob, data: {}, everyMs: sweepEveryMs },
          { job: announceDeactivationsJob, data: {}, everyMs: sweepEveryMs },
        ],
      },
    }),
  ],
  providers: [ExpireCodes, ExpireCodesJob, AnnounceDeactivations, AnnounceDeactivationsJob],
})
export class SweepsModule {}

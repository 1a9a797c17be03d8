import type { Feature } from '#jobs/feature.js';
import type { PromotionsSettings } from '../../promotions.config.js';
import { AnnounceDeactivationsJob, announceDeactivationsJob } from './announce-deactivations.job.js';
import { AnnounceDeactivations } from './announce-deactivations.js';
import { ExpireCodesJob, expireCodesJob } from './expire-codes.job.js';
import { ExpireCodes } from './expire-codes.js';

export const sweeps: Feature<PromotionsSettings> = {
  controllers: [],
  providers: [ExpireCodes, ExpireCodesJob, AnnounceDeactivations, AnnounceDeactivationsJob],
  jobs: [expireCodesJob, announceDeactivationsJob],
  schedules: ({ sweepEveryMs }) => [
    { job: expireCodesJob, data: {}, everyMs: sweepEveryMs },
    { job: announceDeactivationsJob, data: {}, everyMs: sweepEveryMs },
  ],
};

import type { Feature } from '#jobs/feature.js';
import type { PromotionsSettings } from '../promotions.config.js';
import { AnnounceDeactivationsJob, announceDeactivationsJob } from './announce-deactivations.job.js';
import { AnnounceDeactivations } from './announce-deactivations.js';

export const deactivation: Feature<PromotionsSettings> = {
  controllers: [],
  providers: [AnnounceDeactivations, AnnounceDeactivationsJob],
  jobs: [announceDeactivationsJob],
  schedules: ({ sweepEveryMs }) => [{ job: announceDeactivationsJob, data: {}, everyMs: sweepEveryMs }],
};

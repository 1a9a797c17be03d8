import type { Feature } from '../feature.js';
import { AnnounceDeactivationsJob, announceDeactivationsJob } from './announce-deactivations.job.js';
import { AnnounceDeactivations } from './announce-deactivations.js';

export const deactivation: Feature = {
  controllers: [],
  providers: [AnnounceDeactivations, AnnounceDeactivationsJob],
  jobs: [announceDeactivationsJob],
  schedules: ({ sweepEveryMs }) => [{ job: announceDeactivationsJob, data: {}, everyMs: sweepEveryMs }],
};

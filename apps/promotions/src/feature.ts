import type { Provider, Type } from '@nestjs/common';
import type { Job } from '#jobs/job.js';
import type { Schedule } from '#jobs/jobs.js';
import type { PromotionsSettings } from './promotions.config.js';

/**
 * What one feature folder brings into the app. They are all parts of one Nest module, so that a use case of one can be
 * handed to another without ceremony; each folder's `*.feature.ts` lists its own.
 */
export interface Feature {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
  readonly jobs: readonly Job[];
  readonly schedules: (settings: PromotionsSettings) => readonly Schedule[];
}

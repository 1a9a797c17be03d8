import type { Provider, Type } from '@nestjs/common';
import type { Job } from './job.js';
import type { Schedule } from './jobs.js';

/**
 * What one feature folder brings into its app. All of them are parts of one Nest module, so that a use case of one can
 * be handed to another without ceremony; each folder's `*.feature.ts` lists its own.
 */
export interface Feature<Settings = unknown> {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
  readonly jobs?: readonly Job[];
  readonly schedules?: (settings: Settings) => readonly Schedule[];
}

/** What all features of an app bring, in their order. */
export function partsOf<Settings>(features: readonly Feature<Settings>[], settings: Settings) {
  return {
    controllers: features.flatMap(({ controllers }) => controllers),
    providers: features.flatMap(({ providers }) => providers),
    jobs: features.flatMap(({ jobs = [] }) => jobs),
    schedules: features.flatMap(({ schedules }) => schedules?.(settings) ?? []),
  };
}

import { Module } from '@nestjs/common';
import { JobsModule } from '#jobs/jobs.module.js';
import { PromotionsSettings } from '../promotions.config.js';
import { AdmitRedemptions } from './admitting/admit-redemptions.js';
import { EvaluateRequests } from './admitting/evaluate-requests.js';
import { HoldCodes } from './holding/hold-codes.js';
import { LapseHolds } from './holding/lapse-holds.js';
import { PinHolds } from './holding/pin-holds.js';
import { ReleaseHolds } from './holding/release-holds.js';
import { ReleaseLapsedHoldsJob, releaseLapsedHoldsJob } from './holding/release-lapsed-holds.job.js';
import { RedeemHolds } from './redeeming/redeem-holds.js';
import { ReverseRedemptions } from './redeeming/reverse-redemptions.js';
import { RedemptionsConsumer } from './redemptions.consumer.js';
import { RedemptionsStore } from './redemptions.store.js';
import { ValidateCodes } from './validating/validate-codes.js';

/** Holds and redemptions of codes: admitted within the rules and limits, released, redeemed, reversed. */
@Module({
  imports: [
    JobsModule.forFeature({
      jobs: [releaseLapsedHoldsJob],
      schedules: {
        inject: [PromotionsSettings],
        useFactory: ({ sweepEveryMs }: PromotionsSettings) => [
          { job: releaseLapsedHoldsJob, data: {}, everyMs: sweepEveryMs },
        ],
      },
    }),
  ],
  controllers: [RedemptionsConsumer],
  providers: [
    RedemptionsStore,
    EvaluateRequests,
    AdmitRedemptions,
    HoldCodes,
    PinHolds,
    ReleaseHolds,
    LapseHolds,
    ReleaseLapsedHoldsJob,
    RedeemHolds,
    ReverseRedemptions,
    ValidateCodes,
  ],
  exports: [RedemptionsStore, AdmitRedemptions, PinHolds, ReleaseHolds, RedeemHolds, ReverseRedemptions],
})
export class RedemptionsModule {}

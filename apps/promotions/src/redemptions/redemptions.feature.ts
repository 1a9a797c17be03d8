import type { Feature } from '#jobs/feature.js';
import { OrdersConsumer } from '../orders/orders.consumer.js';
import type { PromotionsSettings } from '../promotions.config.js';
import { AdmitRedemptions } from './admitting/admit-redemptions.js';
import { DiscloseRefusals } from './admitting/disclose-refusals.js';
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

export const redemptions: Feature<PromotionsSettings> = {
  controllers: [RedemptionsConsumer, OrdersConsumer],
  providers: [
    RedemptionsStore,
    EvaluateRequests,
    AdmitRedemptions,
    DiscloseRefusals,
    HoldCodes,
    ReleaseHolds,
    RedeemHolds,
    ReverseRedemptions,
    PinHolds,
    LapseHolds,
    ValidateCodes,
    ReleaseLapsedHoldsJob,
  ],
  jobs: [releaseLapsedHoldsJob],
  schedules: ({ sweepEveryMs }) => [{ job: releaseLapsedHoldsJob, data: {}, everyMs: sweepEveryMs }],
};

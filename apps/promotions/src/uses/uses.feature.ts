import type { Feature } from '#jobs/feature.js';
import type { PromotionsSettings } from '../promotions.config.js';
import { AdmitUses } from './admit-uses.js';
import { DiscloseRefusals } from './disclose-refusals.js';
import { HoldUses } from './hold-uses.js';
import { JudgeAsks } from './judge-asks.js';
import { LapseUses } from './lapse-uses.js';
import { OrdersConsumer } from './orders.consumer.js';
import { PinUses } from './pin-uses.js';
import { RedeemUses } from './redeem-uses.js';
import { ReleaseLapsedHoldsJob, releaseLapsedHoldsJob } from './release-lapsed-holds.job.js';
import { ReleaseUses } from './release-uses.js';
import { ReverseUses } from './reverse-uses.js';
import { UsesConsumer } from './uses.consumer.js';
import { UsesStore } from './uses.store.js';
import { ValidateCodes } from './validate-codes.js';

export const uses: Feature<PromotionsSettings> = {
  controllers: [UsesConsumer, OrdersConsumer],
  providers: [
    UsesStore,
    JudgeAsks,
    AdmitUses,
    DiscloseRefusals,
    HoldUses,
    ReleaseUses,
    RedeemUses,
    ReverseUses,
    PinUses,
    LapseUses,
    ValidateCodes,
    ReleaseLapsedHoldsJob,
  ],
  jobs: [releaseLapsedHoldsJob],
  schedules: ({ sweepEveryMs }) => [{ job: releaseLapsedHoldsJob, data: {}, everyMs: sweepEveryMs }],
};

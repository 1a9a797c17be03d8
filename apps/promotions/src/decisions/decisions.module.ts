import { Module } from '@nestjs/common';
import { JobsModule } from '#jobs/jobs.module.js';
import { CodesModule } from '../codes/codes.module.js';
import { RedemptionsModule } from '../redemptions/redemptions.module.js';
import { DecisionsConsumer } from './decisions.consumer.js';
import { ListPersonReceipts } from './list-person-receipts.js';
import { ListReceipts } from './list-receipts.js';
import { ReadReceipt } from './read-receipt.js';
import { ReceiptsStore } from './receipts.store.js';
import { ReadRefusals } from './refusals/read-refusals.js';
import { RefusalsStore } from './refusals/refusals.store.js';
import { RollUpRefusals } from './refusals/roll-up-refusals.js';
import { RollupRefusalsJob, rollupRefusalsJob } from './refusals/rollup-refusals.job.js';
import { SimulateCode } from './simulate-code.js';
import { SimulationStore } from './simulation.store.js';

/** Readers add the refusals that the sums do not include; this bounds their number. */
const rollupEveryMs = 10_000;

/** The receipts of decisions, refusals by day, and simulations of decisions. */
@Module({
  imports: [
    CodesModule,
    RedemptionsModule,
    JobsModule.forFeature({
      jobs: [rollupRefusalsJob],
      schedules: [{ job: rollupRefusalsJob, data: {}, everyMs: rollupEveryMs }],
    }),
  ],
  controllers: [DecisionsConsumer],
  providers: [
    ReceiptsStore,
    ListReceipts,
    ReadReceipt,
    ListPersonReceipts,
    RefusalsStore,
    ReadRefusals,
    RollUpRefusals,
    RollupRefusalsJob,
    SimulationStore,
    SimulateCode,
  ],
})
export class DecisionsModule {}

import { Module } from '@nestjs/common';
import { JobsModule } from '#jobs/jobs.module.js';
import { VerifyLedgerJob, verifyLedgerJob } from './verify-ledger.job.js';

const everyHourMs = 3_600_000;

/** The hourly proof of the ledger and of what providers signed. */
@Module({
  imports: [
    JobsModule.forFeature({
      jobs: [verifyLedgerJob],
      schedules: [{ job: verifyLedgerJob, data: {}, everyMs: everyHourMs }],
    }),
  ],
  providers: [VerifyLedgerJob],
})
export class VerificationModule {}

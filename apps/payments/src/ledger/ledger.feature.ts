import type { Feature } from '#jobs/feature.js';
import { VerifyLedgerJob, verifyLedgerJob } from '../verification/verify-ledger.job.js';
import { LedgerConsumer } from './ledger.consumer.js';
import { ReadAccount } from './read-account.js';
import { ReadTrialBalance } from './read-trial-balance.js';

const everyHourMs = 3_600_000;

export const ledger: Feature = {
  controllers: [LedgerConsumer],
  providers: [ReadAccount, ReadTrialBalance, VerifyLedgerJob],
  jobs: [verifyLedgerJob],
  schedules: () => [{ job: verifyLedgerJob, data: {}, everyMs: everyHourMs }],
};

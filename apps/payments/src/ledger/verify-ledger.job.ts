import { Injectable, Logger } from '@nestjs/common';
import { Gauge, register } from 'prom-client';
import { z } from 'zod';
import { defineJob } from '#jobs/job.js';
import { JobHandler } from '#jobs/job-handler.js';
import { BrokenInvariant } from '#kernel/assert.js';
import { PaymentsConfig } from '../payments.config.js';
import { describeReport, verifyLedger } from './verify-ledger.js';

export const verifyLedgerJob = defineJob({
  name: 'payments.verify-ledger',
  about: 'Proves the sums and references of the whole ledger, every hour, and names what is wrong.',
  data: z.object({}),
  id: () => 'verify-ledger',
  attempts: 1,
  backoffMs: 1_000,
  concurrency: 1,
});

const gaugeName = 'matricula_ledger_breaches';
const breachesFound =
  (register.getSingleMetric(gaugeName) as Gauge | undefined) ??
  new Gauge({
    name: gaugeName,
    help: 'Broken invariants that the last verification found. Alarm on anything above zero.',
  });

@Injectable()
export class VerifyLedgerJob {
  private readonly logger = new Logger(VerifyLedgerJob.name);

  constructor(private readonly config: PaymentsConfig) {}

  @JobHandler(verifyLedgerJob)
  async run(): Promise<void> {
    const report = await verifyLedger(this.config.databaseUrl);
    breachesFound.set(report.breaches.length);
    // It fails, so that it stays on the dashboard until somebody has looked.
    if (report.breaches.length > 0) throw new BrokenInvariant(describeReport(report));
    this.logger.log(report.counted, 'the ledger holds');
  }
}

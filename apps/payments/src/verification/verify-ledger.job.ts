import { Injectable, Logger } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { z } from 'zod';
import { defineJob } from '#jobs/job.js';
import { JobHandler } from '#jobs/job-handler.js';
import { BrokenInvariant } from '#kernel/assert.js';
import { Clock } from '#kernel/clock.js';
import { metricOnce } from '#observability/metric-once.js';
import { PaymentsSettings } from '../payments.config.js';
import { describeReport, verifyLedger } from './verify-ledger.js';
import { describeSigned, verifySignedPayments } from './verify-signed-payments.js';

export const verifyLedgerJob = defineJob({
  name: 'payments.verify-ledger',
  about:
    'Proves the sums and references of the whole ledger, and that the payments of the last day are what was signed, every hour; names what is wrong.',
  data: z.object({}),
  id: () => 'verify-ledger',
  attempts: 1,
  backoffMs: 1_000,
  concurrency: 1,
});

/**
 * Reading every request that ever came takes minutes for each ten million: `npm run verify` does, and this job the
 * newest.
 */
const signedHours = 24;

const violationsFound = metricOnce(
  'matricula_ledger_violations',
  (name) =>
    new Gauge({ name, help: 'Broken invariants that the last verification found. Alarm on anything above zero.' }),
);

/**
 * Proves the ledger by the hour, so that what is wrong is known before somebody asks. Violations set the gauge
 * `matricula_ledger_violations`, and the job fails with their names.
 */
@Injectable()
export class VerifyLedgerJob {
  private readonly logger = new Logger(VerifyLedgerJob.name);

  constructor(
    private readonly settings: PaymentsSettings,
    private readonly clock: Clock,
  ) {}

  @JobHandler(verifyLedgerJob)
  async run(): Promise<void> {
    const { databaseUrl } = this.settings;
    const report = await verifyLedger(databaseUrl);
    const signed = await verifySignedPayments(databaseUrl, {
      since: this.clock.now().subtract({ hours: signedHours }),
    });
    violationsFound.set(report.violations.length + signed.violations.length);
    const broken = [
      ...(report.violations.length > 0 ? [describeReport(report)] : []),
      ...(signed.violations.length > 0 ? [describeSigned(signed)] : []),
    ];
    // It fails, so that it stays on the dashboard until somebody has looked.
    if (broken.length > 0) throw new BrokenInvariant(broken.join('\n'));
    this.logger.log({ ...report.counted, signedRequests: signed.requests }, 'the ledger holds');
  }
}

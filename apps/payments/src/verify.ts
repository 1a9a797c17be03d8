import { describeReport, verifyLedger } from './ledger/verify-ledger.js';
import { paymentsDatabaseUrl } from './payments.config.js';

const report = await verifyLedger(paymentsDatabaseUrl(process.env));
console.log(describeReport(report));
if (report.breaches.length > 0) process.exitCode = 1;

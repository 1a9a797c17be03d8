import { describeReport, verifyLedger } from './ledger/verify-ledger.js';
import { paymentsDatabaseUrl } from './payments.config.js';
import { describeSigned, verifySignedPayments } from './webhooks/verify-signed-payments.js';

const databaseUrl = paymentsDatabaseUrl(process.env);
const report = await verifyLedger(databaseUrl);
console.log(describeReport(report));
const signed = await verifySignedPayments(databaseUrl);
console.log(describeSigned(signed));
if (report.breaches.length + signed.breaches.length > 0) process.exitCode = 1;

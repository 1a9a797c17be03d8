import { readDatabaseUrl } from '#persistence/database-url.js';
import { describeReport, verifyLedger } from './verification/verify-ledger.js';
import { describeSigned, verifySignedPayments } from './verification/verify-signed-payments.js';

const databaseUrl = readDatabaseUrl('payments', process.env);
const report = await verifyLedger(databaseUrl);
console.log(describeReport(report));
const signed = await verifySignedPayments(databaseUrl);
console.log(describeSigned(signed));
if (report.violations.length + signed.violations.length > 0) process.exitCode = 1;

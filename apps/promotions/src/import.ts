import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { conversionSender } from '#contracts/promotions/conversion-senders.js';
import { SystemClock } from '#kernel/clock.js';
import { isCurrency } from '#kernel/money.js';
import { readDatabaseRoles } from '#persistence/database-url.js';
import { ImportLegacyCodes, type Source } from './legacy-import/import-legacy-codes.js';
import { LegacyStore } from './legacy-import/legacy.store.js';
import { LegacyRedemptionsStore } from './legacy-import/legacy-redemptions.store.js';
import { Report } from './legacy-import/report.js';
import { Session } from './legacy-import/session.js';

const usage = `Imports the promo codes of a legacy system from files of mongoexport:
  --codes FILE     the promo codes
  --users FILE     their assignments to users and their redemptions
  --currency CODE  the currency of amounts without one (USD)
  --sender NAME    the outside system that reports the conversions from now on, as its secrets are configured
  --dry-run        reports what an import would do, and changes nothing`;

const { values } = parseArgs({
  options: {
    codes: { type: 'string' },
    users: { type: 'string' },
    currency: { type: 'string', default: 'USD' },
    sender: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const isSender = values.sender === undefined || conversionSender.safeParse(values.sender).success;
if (values.help || !(values.codes ?? values.users) || !isCurrency(values.currency) || !isSender) {
  console.log(usage);
  process.exit(values.help ? 0 : 1);
}

const report = new Report(console.log);
// Its temporary tables are the owner's right.
const session = await Session.open(readDatabaseRoles('promotions', process.env).ownerUrl, { trial: values['dry-run'] });
try {
  const importing = new ImportLegacyCodes(
    new LegacyStore(session),
    new LegacyRedemptionsStore(session, values.sender ?? null),
    report,
    new SystemClock(),
    values.currency,
  );
  await importing.execute({ codes: sourceOf(values.codes), users: sourceOf(values.users) });
  for (const line of report.summary()) console.log(line);
  if (values['dry-run']) console.log('This was a dry run: nothing was changed.');
} catch (error) {
  if ((error as { code?: string }).code !== 'ENOENT') throw error;
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  await session.close();
}

function sourceOf(path: string | undefined): Source | undefined {
  return path === undefined ? undefined : { name: basename(path), chunks: createReadStream(path, 'utf8') };
}

import { Module } from '@nestjs/common';
import { LedgerBrowserConsumer } from './browsing/ledger-browser.consumer.js';
import { ReadAccounts } from './browsing/read-accounts.js';
import { ReadTransfer } from './browsing/read-transfer.js';
import { LedgerConsumer } from './ledger.consumer.js';
import { ReadAccount } from './read-account.js';
import { ReadTrialBalance } from './read-trial-balance.js';
import { ReadEntries } from './statement/read-entries.js';

/** Reads of the ledger: accounts, their entries, the trial balance. */
@Module({
  controllers: [LedgerConsumer, LedgerBrowserConsumer],
  providers: [ReadAccount, ReadEntries, ReadTrialBalance, ReadAccounts, ReadTransfer],
})
export class LedgerModule {}

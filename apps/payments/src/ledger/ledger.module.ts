import { Module } from '@nestjs/common';
import { LedgerConsumer } from './ledger.consumer.js';
import { ReadAccount } from './read-account.js';
import { ReadTrialBalance } from './read-trial-balance.js';
import { ReadEntries } from './statement/read-entries.js';

/** Reads of the ledger: accounts, their entries, the trial balance. */
@Module({
  controllers: [LedgerConsumer],
  providers: [ReadAccount, ReadEntries, ReadTrialBalance],
})
export class LedgerModule {}

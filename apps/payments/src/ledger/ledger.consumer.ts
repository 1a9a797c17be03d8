import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { getAccount, getTrialBalance, listAccountEntries } from '#contracts/payments/accounts.js';
import type { QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { ReadAccount } from './read-account.js';
import { ReadTrialBalance } from './read-trial-balance.js';
import { ReadEntries } from './statement/read-entries.js';

/** Questions about balances. */
@Controller()
export class LedgerConsumer {
  constructor(
    private readonly readAccount: ReadAccount,
    private readonly readEntries: ReadEntries,
    private readonly readTrialBalance: ReadTrialBalance,
  ) {}

  @MessagePattern<string>(getAccount.type)
  getAccount(@Payload(batchOf(getAccount)) batch: QueryOf<typeof getAccount>[]): Promise<ReplyOf<typeof getAccount>[]> {
    return answerEach(batch, ({ data: { person_id: personId, at } }) =>
      at === undefined ? this.readAccount.now(personId) : this.readAccount.at(personId, Temporal.Instant.from(at)),
    );
  }

  @MessagePattern<string>(listAccountEntries.type)
  listAccountEntries(
    @Payload(batchOf(listAccountEntries)) batch: QueryOf<typeof listAccountEntries>[],
  ): Promise<ReplyOf<typeof listAccountEntries>[]> {
    return answerEach(batch, ({ data: { person_id: personId, at, ...of } }) =>
      this.readEntries.page({ personId, at: at === undefined ? undefined : Temporal.Instant.from(at), ...of }),
    );
  }

  @MessagePattern<string>(getTrialBalance.type)
  getTrialBalance(
    @Payload(batchOf(getTrialBalance)) batch: QueryOf<typeof getTrialBalance>[],
  ): Promise<ReplyOf<typeof getTrialBalance>[]> {
    return answerEach(batch, () => this.readTrialBalance.execute());
  }
}

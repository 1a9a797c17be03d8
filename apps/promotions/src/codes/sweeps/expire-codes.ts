import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { Transactions } from '#persistence/transaction.js';
import { CodesStore } from '../codes.store.js';

/** Codes in one transaction. */
const expiredMax = 500;

/** Sets codes to `expired` whose validity has ended. The clock ended them, whether or not this runs. */
@Injectable()
export class ExpireCodes {
  constructor(
    private readonly transactions: Transactions,
    private readonly codes: CodesStore,
    private readonly clock: Clock,
  ) {}

  /** @returns how many codes it set to expired. */
  async execute(): Promise<number> {
    for (let expired = 0; ; ) {
      const ids = await this.transactions.run((tx) => this.codes.expire(tx, this.clock.now(), expiredMax));
      expired += ids.length;
      if (ids.length < expiredMax) return expired;
    }
  }
}

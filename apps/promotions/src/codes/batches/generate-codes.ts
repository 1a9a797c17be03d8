import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { generateCodes } from '#contracts/promotions/promo-code-batches.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { sequentially } from '#messaging/requests/sequentially.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { termsOf } from '../code-view.js';
import { checkPersons, checkTerms } from '../domain/code.js';
import { BatchesStore } from './batches.store.js';
import { batchView, type Generation } from './domain/code-batch.js';
import { CodePattern } from './domain/pattern.js';

type Request = RequestOf<typeof generateCodes>;
type View = ReturnType<typeof batchView>;

/** Accepts generations of many codes. A job creates the codes. */
@Injectable()
export class GenerateCodes {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly batches: BatchesStore,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Command<Request>[]): Promise<Reply<View>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(tx, batch, (fresh) => sequentially(fresh, ({ data }) => this.accept(tx, data))),
    );
  }

  private async accept(tx: Tx, { pattern: text, count, terms, created_by: createdBy }: Request): Promise<View> {
    const pattern = new CodePattern(text);
    pattern.checkRoom(count);
    checkTerms(termsOf(terms));
    checkPersons(terms.audience, terms.persons);
    const generation: Generation = {
      id: newId(),
      kind: 'generate',
      state: 'waiting',
      pattern: text,
      terms,
      secret: randomBytes(32),
      walked: 0,
      wanted: count,
      done: 0,
      failed: 0,
      report: [],
      createdBy,
      createdAt: this.clock.now(),
      finishedAt: null,
    };
    await this.batches.add(tx, generation);
    return batchView(generation);
  }
}

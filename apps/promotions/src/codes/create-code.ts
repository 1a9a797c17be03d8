import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import { foldCode } from '#contracts/fold-code.js';
import type { createPromoCode } from '#contracts/promo-codes.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { type CodeView, codeView, termsOf } from './code-wire.js';
import { CodesStore } from './codes.store.js';
import { checkCode, checkPersons, checkTerms, codeTaken, type PromoCode, unused } from './domain/code.js';

type Request = RequestOf<typeof createPromoCode>;

/** A valid code that is created if its text is free. */
export interface Draft {
  readonly code: PromoCode;
  readonly persons: readonly string[];
}

/** Creates codes in sets. Of two texts that differ only in case, the first is created. */
@Injectable()
export class CreateCode {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly codes: CodesStore,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Command<Request>[]): Promise<Reply<CodeView>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(tx, batch, async (fresh) => {
        const made = await this.make(
          tx,
          fresh.map(({ data }) => this.draft(data, data.created_by, null)),
        );
        return made.map(
          (code): Reply<CodeView> => (code instanceof Refusal ? { refusal: code } : { answer: codeView(code) }),
        );
      }),
    );
  }

  /** Checks a requested code. @returns the draft, or why it is refused. */
  draft(body: Omit<Request, 'created_by'>, createdBy: string, batchId: string | null): Draft | Refusal {
    try {
      const terms = termsOf(body);
      checkCode(body.code);
      checkTerms(terms);
      checkPersons(terms.audience, body.persons);
      const made = {
        id: newId(),
        code: body.code,
        status: body.status,
        batchId,
        createdBy,
        createdAt: this.clock.now(),
      };
      return { code: unused(terms, made), persons: body.persons };
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  /** Creates the drafts whose text is free. @returns one result for each draft, in order. */
  async make(tx: Tx, drafts: readonly (Draft | Refusal)[]): Promise<(PromoCode | Refusal)[]> {
    const makeable = drafts.filter((draft): draft is Draft => !(draft instanceof Refusal));
    const added = await this.codes.add(
      tx,
      makeable.map(({ code }) => ({ ...code, folded: foldCode(code.code) })),
    );
    const listed = makeable.filter(({ code, persons }) => persons.length > 0 && added.has(code.id));
    await this.codes.setPersons(
      tx,
      listed.map(({ code, persons }) => ({ codeId: code.id, persons })),
    );
    return drafts.map((draft) => {
      if (draft instanceof Refusal) return draft;
      return added.has(draft.code.id) ? draft.code : codeTaken(draft.code.code);
    });
  }
}

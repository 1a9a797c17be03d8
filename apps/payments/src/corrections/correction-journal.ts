import { Injectable } from '@nestjs/common';
import type { ResponseOf } from '#contracts/contract.js';
import type { correctPayment } from '#contracts/payments/corrections.js';
import { assert } from '#kernel/assert.js';
import { Refusal } from '#kernel/refusal.js';
import { zip } from '#kernel/zip.js';
import { formatAuthor } from '#messaging/author.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { Outbox } from '#messaging/publishing/outbox.js';
import type { Tx } from '#persistence/transaction.js';
import { postTransfers } from '../ledger/post-transfers.js';
import { readPersonBalances } from '../ledger/read-balances.js';
import { PaymentsStore } from '../payments/payments.store.js';
import { fundByPayments } from '../receivables/funding/fund-by-payments.js';
import { readReservations } from '../receivables/funding/read-reservations.js';
import { ordersGivingWay } from '../refunds/domain/orders-giving-way.js';
import { correctionEventOf } from './correction-events.js';
import { keepCorrections } from './correction-rows.js';
import type { CorrectionDecision, PaymentCorrection } from './domain/payment-correction.js';

type Corrected = ResponseOf<typeof correctPayment>;
type Led = PaymentCorrection & { readonly cause: Command };

/**
 * Corrections of payments, in the transaction of a command that holds the ledger's lock: their transfers, their rows,
 * the funding of what is coverable by them, and their events. A few statements for any number of corrections.
 */
@Injectable()
export class CorrectionJournal {
  constructor(
    private readonly payments: PaymentsStore,
    private readonly outbox: Outbox,
  ) {}

  /** Writes what was decided, and answers the commands, in order. */
  async record(
    tx: Tx,
    commands: readonly Command[],
    { results, postings }: CorrectionDecision,
    at: Temporal.Instant,
  ): Promise<Reply<Corrected>[]> {
    const corrections = zip(commands, results).flatMap(([cause, result]): Led[] =>
      result instanceof Refusal ? [] : [{ ...result, cause }],
    );
    if (corrections.length > 0) await this.write(tx, corrections, postings, at);
    const views = await this.payments.views(
      tx,
      corrections.map(({ before }) => before.id),
    );
    return results.map((result): Reply<Corrected> => {
      if (result instanceof Refusal) return { refusal: result };
      const payment = views.get(result.before.id);
      assert(payment, `payment ${result.before.id} was corrected`);
      return {
        answer: {
          correction_id: result.id,
          movement: `${result.kind}-payment`,
          payment,
          amount_minor: result.movedMinor,
          owed_minor: result.owedMinor,
          reason: result.reason,
          recorded_at: at.toString(),
        },
      };
    });
  }

  private async write(
    tx: Tx,
    corrections: readonly Led[],
    postings: CorrectionDecision['postings'],
    at: Temporal.Instant,
  ): Promise<void> {
    await postTransfers(tx, postings, at);
    await keepCorrections(
      tx,
      corrections.map(({ cause, ...correction }) => ({ ...correction, author: authorOf(cause) })),
      at,
    );
    await this.publish(tx, corrections, at);
    await fundByPayments(tx, corrections.flatMap(creditOf), at);
  }

  private async publish(tx: Tx, corrections: readonly Led[], at: Temporal.Instant): Promise<void> {
    const owing = corrections.flatMap(({ owedMinor, before: { personId, currency } }) =>
      owedMinor > 0 && personId !== null ? [{ personId, currency }] : [],
    );
    const reservations = await readReservations(tx, owing);
    const balances = await readPersonBalances(tx, owing);
    const ordersOf = ({ owedMinor, before }: Led) => {
      const { personId, currency } = before;
      if (personId === null) return [];
      const theirs = reservations.filter((one) => one.personId === personId && one.currency === currency);
      return ordersGivingWay({ owedMinor, payment: before }, theirs, balances.owedMinor(personId, currency));
    };
    await this.outbox.add(
      tx,
      corrections.map((correction) => correctionEventOf(correction, ordersOf(correction), at)),
    );
  }
}

/** The author of a command that moves money by hand. */
export function authorOf({ id, author }: Command): string {
  assert(author, `the command ${id} has an author`);
  return formatAuthor(author);
}

/** What a person can spend since a correction, if it is more. */
function creditOf({ kind, before, after, movedMinor, cause }: Led) {
  const gains = kind === 'reassign' || after.amountMinor > before.amountMinor;
  if (!gains || after.personId === null) return [];
  const { id: paymentId, personId, currency, orderId } = after;
  return [{ personId, currency, orderId, paymentId, amountMinor: movedMinor, cause }];
}

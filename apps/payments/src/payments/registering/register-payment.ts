import { Injectable } from '@nestjs/common';
import type { registerPayment } from '#contracts/payments/payments.js';
import { assert } from '#kernel/assert.js';
import { Clock } from '#kernel/clock.js';
import { isCurrency } from '#kernel/money.js';
import { Refusal } from '#kernel/refusal.js';
import type { CommandOf, ReplyOf } from '#messaging/envelope.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { lockLedger } from '../../ledger/lock-ledger.js';
import type { PaymentNotice } from '../domain/payment-notice.js';
import { PaymentsStore } from '../payments.store.js';
import { PaymentJournal } from './payment-journal.js';

type Register = CommandOf<typeof registerPayment>;
type Registered = ReplyOf<typeof registerPayment>;

/** Cash and bank transfers, registered by hand, on the same path as a provider's notification. */
@Injectable()
export class RegisterPayment {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly payments: PaymentsStore,
    private readonly journal: PaymentJournal,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Register[]): Promise<Registered[]> {
    return this.transactions.run((tx) => this.commands.answer(tx, batch, (fresh) => this.register(tx, fresh)));
  }

  private async register(tx: Tx, commands: readonly Register[]): Promise<Registered[]> {
    const now = this.clock.now();
    const refusals = commands.map(({ data }) => refusalOf(data, now));
    const sound = commands.filter((_, index) => !refusals[index]);
    await lockLedger(tx);
    const answers = await this.journal.register(tx, sound.map(noticeOf), this.clock.now());
    const views = await this.payments.views(
      tx,
      answers.map(({ paymentId }) => paymentId),
    );
    const replies = answers.map(({ verdict, paymentId }): Registered => {
      if (verdict === 'conflict') {
        return {
          refusal: new Refusal('PAYMENT_REFERENCE_REUSED', 'This reference stands for another payment.', {
            field: 'reference',
            paymentId,
          }),
        };
      }
      const view = views.get(paymentId);
      assert(view, `payment ${paymentId} was registered`);
      return { answer: view };
    });
    return refusals.map((refusal) => (refusal ? { refusal } : (replies.shift() as Registered)));
  }
}

/** How far the clock of an admin may be ahead of ours. */
const skewMinutes = 5;

function refusalOf(
  { currency, person_id, order_id, received_at: receivedAt }: Register['data'],
  now: Temporal.Instant,
): Refusal | undefined {
  if (!isCurrency(currency)) {
    return new Refusal('CURRENCY_UNKNOWN', `${currency} is not a currency of ISO 4217.`, { field: 'currency' });
  }
  if (!person_id && !order_id) {
    return new Refusal('PAYEE_MISSING', 'Name the person or the order that the money is for.', { field: 'person_id' });
  }
  if (receivedAt && Temporal.Instant.compare(receivedAt, now.add({ minutes: skewMinutes })) > 0) {
    return new Refusal('RECEIVED_IN_FUTURE', 'Money cannot be received in the future.', { field: 'received_at' });
  }
  return undefined;
}

function noticeOf(command: Register): PaymentNotice {
  const { data } = command;
  return {
    provider: data.method,
    reference: data.reference,
    amountMinor: data.amount_minor,
    currency: data.currency,
    personNamed: data.person_id ?? null,
    orderNamed: data.order_id ?? null,
    note: data.note ?? null,
    receivedAt: data.received_at ? Temporal.Instant.from(data.received_at) : null,
    cause: command,
  };
}

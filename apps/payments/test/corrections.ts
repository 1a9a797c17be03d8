import { newId } from '#kernel/ids.js';
import { ActionLog } from '#messaging/actions/action-log.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { MessagingOptions } from '#messaging/messaging.options.js';
import { Outbox } from '#messaging/publishing/outbox.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import type { RpcClient } from '#messaging/requests/rpc-client.js';
import type { Transactions } from '#persistence/transaction.js';
import { MovableClock } from '../../../test/support/movable-clock.js';
import { CorrectPayment } from '../src/corrections/correct-payment.js';
import { CorrectionJournal } from '../src/corrections/correction-journal.js';
import { PayOutBalance } from '../src/corrections/pay-out-balance.js';
import { ReassignPayment } from '../src/corrections/reassign-payment.js';
import { RefundPayment } from '../src/corrections/refund-payment.js';
import { WriteOffShortfall } from '../src/corrections/write-off-shortfall.js';
import { FindPayees } from '../src/payments/allocating/find-payees.js';
import { PaymentsStore } from '../src/payments/payments.store.js';
import { RefundReportsStore } from '../src/refunds/backlog/refund-reports.store.js';
import { RefundJournal } from '../src/refunds/refund-journal.js';
import { RefundsStore } from '../src/refunds/refunds.store.js';

export const author = { subject: 'ravi@office', role: 'admin' };

/** A command of an admin. */
export function adminCommand<Data>(data: Data, id = newId()): Command<Data> {
  return { id, type: 'test', traceparent: undefined, correlationId: 'test', author, data };
}

const reason = 'A test.';

/** What admins correct by hand, each command in a transaction of its own. Answers `done`, or why it is refused. */
export class Corrections {
  private readonly refunding: RefundPayment;
  private readonly correcting: CorrectPayment;
  private readonly reassigning: ReassignPayment;
  private readonly payingOut: PayOutBalance;
  private readonly writingOff: WriteOffShortfall;

  constructor(sql: Transactions) {
    const options = new MessagingOptions({ service: 'payments', amqpUrl: 'amqp://none' });
    const outbox = new Outbox(options);
    const payments = new PaymentsStore();
    const journal = new CorrectionJournal(payments, outbox);
    const [log, clock] = [new CommandLog(new ActionLog(options)), new MovableClock()];
    const refunds = new RefundJournal(new RefundsStore(), new RefundReportsStore(), outbox);
    this.refunding = new RefundPayment(sql, log, payments, refunds, clock);
    this.correcting = new CorrectPayment(sql, log, journal, clock);
    // Persons are projected before they get a payment here: nobody is requested.
    const payees = new FindPayees(sql, payments, undefined as unknown as RpcClient);
    this.reassigning = new ReassignPayment(sql, log, journal, payees, clock);
    this.payingOut = new PayOutBalance(sql, log, clock);
    this.writingOff = new WriteOffShortfall(sql, log, clock);
  }

  /** @param amountMinor all that is left, when it is left out */
  async giveBack(paymentId: string, amountMinor?: number): Promise<string> {
    const data = { payment_id: paymentId, amount_minor: amountMinor, reason };
    return outcome(await this.refunding.execute([adminCommand(data)]));
  }

  async correct(paymentId: string, amountMinor: number): Promise<string> {
    const data = { payment_id: paymentId, amount_minor: amountMinor, reason };
    return outcome(await this.correcting.execute([adminCommand(data)]));
  }

  async reassign(paymentId: string, personId: string, orderId?: string): Promise<string> {
    const data = { payment_id: paymentId, person_id: personId, order_id: orderId, reason };
    return outcome(await this.reassigning.execute([adminCommand(data)]));
  }

  async payOut(personId: string, amountMinor: number, currency = 'EUR'): Promise<string> {
    const data = { person_id: personId, amount_minor: amountMinor, currency, method: 'cash' as const, reason };
    return outcome(await this.payingOut.execute([adminCommand(data)]));
  }

  async writeOff(orderId: string, amountMinor: number): Promise<string> {
    const data = { order_id: orderId, amount_minor: amountMinor, reason };
    return outcome(await this.writingOff.execute([adminCommand(data)]));
  }
}

function outcome([reply]: readonly Reply<unknown>[]): string {
  return reply && 'refusal' in reply ? reply.refusal.code : 'done';
}

import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { assignPayment, dismissPayment, listUnmatchedPayments, registerPayment } from '#contracts/payments/payments.js';
import type { CommandOf, QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { Transactions } from '#persistence/transaction.js';
import { AssignPayment } from './allocating/assign-payment.js';
import { DismissPayment } from './allocating/dismiss-payment.js';
import { PaymentsStore } from './payments.store.js';
import { RegisterPayment } from './registering/register-payment.js';

/** Payments by hand, and money that nobody could be found for. */
@Controller()
export class PaymentsConsumer {
  constructor(
    private readonly registering: RegisterPayment,
    private readonly assigning: AssignPayment,
    private readonly dismissing: DismissPayment,
    private readonly payments: PaymentsStore,
    private readonly transactions: Transactions,
  ) {}

  @MessagePattern<string>(registerPayment.type)
  registerPayment(
    @Payload(batchOf(registerPayment)) batch: CommandOf<typeof registerPayment>[],
  ): Promise<ReplyOf<typeof registerPayment>[]> {
    return this.registering.execute(batch);
  }

  @MessagePattern<string>(assignPayment.type)
  assignPayment(
    @Payload(batchOf(assignPayment)) batch: CommandOf<typeof assignPayment>[],
  ): Promise<ReplyOf<typeof assignPayment>[]> {
    return this.assigning.execute(batch);
  }

  @MessagePattern<string>(dismissPayment.type)
  dismissPayment(
    @Payload(batchOf(dismissPayment)) batch: CommandOf<typeof dismissPayment>[],
  ): Promise<ReplyOf<typeof dismissPayment>[]> {
    return this.dismissing.execute(batch);
  }

  @MessagePattern<string>(listUnmatchedPayments.type)
  listUnmatchedPayments(
    @Payload(batchOf(listUnmatchedPayments)) batch: QueryOf<typeof listUnmatchedPayments>[],
  ): Promise<ReplyOf<typeof listUnmatchedPayments>[]> {
    return answerEach(batch, ({ data }) => this.payments.unmatched(this.transactions, data));
  }
}

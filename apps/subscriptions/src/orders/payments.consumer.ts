import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { DataOf } from '#contracts/contract.js';
import { paymentCorrected, paymentReassigned } from '#contracts/payments/corrections.js';
import {
  creditApplied,
  orderSettled,
  paymentCredited,
  paymentDisputed,
  paymentRefunded,
  paymentRegistered,
} from '#contracts/payments/payments.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { batchOf } from '#messaging/nest/batch-of.js';
import { DecideLatePayments } from './late-payments/decide-late-payments.js';
import type { NamingPayment } from './late-payments/domain/late-payment.js';
import { ConfirmOrder } from './lifecycle/confirm-order.js';
import { type Revocation, RevokeOrder } from './lifecycle/revoke-order.js';
import { SettleOrder } from './lifecycle/settle-order.js';

/** Receives the events of payments about the money of orders. */
@Controller()
export class PaymentsConsumer {
  constructor(
    private readonly confirming: ConfirmOrder,
    private readonly revoking: RevokeOrder,
    private readonly settling: SettleOrder,
    private readonly deciding: DecideLatePayments,
  ) {}

  @EventPattern<string>(paymentRegistered.type)
  async onPaymentRegistered(
    @Payload(batchOf(paymentRegistered)) batch: EnvelopeOf<typeof paymentRegistered>[],
  ): Promise<void> {
    const late = await this.confirming.execute(
      batch.map(({ data, ...message }) => ({
        ...message,
        payment: namingPaymentOf(data),
        fundings: data.funded_orders.map((funded) => ({
          orderId: funded.order_id,
          amountMinor: funded.amount_minor,
          currency: data.currency,
          transferId: funded.transfer_id,
        })),
      })),
    );
    if (late) await this.deciding.execute();
  }

  @EventPattern<string>(paymentCredited.type)
  async onPaymentCredited(
    @Payload(batchOf(paymentCredited)) batch: EnvelopeOf<typeof paymentCredited>[],
  ): Promise<void> {
    const late = await this.confirming.execute(
      batch.map(({ data, ...message }) => ({ ...message, payment: creditedPaymentOf(data), fundings: [] })),
    );
    if (late) await this.deciding.execute();
  }

  @EventPattern<string>(creditApplied.type)
  async onCreditApplied(@Payload(batchOf(creditApplied)) batch: EnvelopeOf<typeof creditApplied>[]): Promise<void> {
    await this.confirming.execute(
      batch.map(({ data, ...message }) => ({
        ...message,
        fundings: [
          {
            orderId: data.order_id,
            amountMinor: data.amount_minor,
            currency: data.currency,
            transferId: data.transfer_id,
          },
        ],
      })),
    );
  }

  @EventPattern<string>(paymentRefunded.type)
  onPaymentRefunded(@Payload(batchOf(paymentRefunded)) batch: EnvelopeOf<typeof paymentRefunded>[]): Promise<void> {
    return this.revoking.execute(batch.map((message) => revocation(message, 'Its payment was refunded.')));
  }

  @EventPattern<string>(paymentDisputed.type)
  onPaymentDisputed(@Payload(batchOf(paymentDisputed)) batch: EnvelopeOf<typeof paymentDisputed>[]): Promise<void> {
    return this.revoking.execute(batch.map((message) => revocation(message, 'Its payment was disputed.')));
  }

  @EventPattern<string>(paymentCorrected.type)
  onPaymentCorrected(@Payload(batchOf(paymentCorrected)) batch: EnvelopeOf<typeof paymentCorrected>[]): Promise<void> {
    return this.revoking.execute(
      batch.map((message) => revocation(message, 'The amount of its payment was corrected.')),
    );
  }

  @EventPattern<string>(paymentReassigned.type)
  onPaymentReassigned(
    @Payload(batchOf(paymentReassigned)) batch: EnvelopeOf<typeof paymentReassigned>[],
  ): Promise<void> {
    return this.revoking.execute(batch.map((message) => revocation(message, 'Its payment was of another person.')));
  }

  @EventPattern<string>(orderSettled.type)
  onOrderSettled(@Payload(batchOf(orderSettled)) batch: EnvelopeOf<typeof orderSettled>[]): Promise<void> {
    return this.settling.execute(batch);
  }
}

/** The payment, where it is of somebody known and names an order. */
function namingPaymentOf(data: DataOf<typeof paymentRegistered>): NamingPayment | undefined {
  const { order_id: orderId, person_id: personId, funded_orders: funded, available_minor: availableMinor } = data;
  if (!orderId || !personId) return undefined;
  return {
    paymentId: data.payment_id,
    orderId,
    personId,
    amountMinor: data.amount_minor,
    currency: data.currency,
    availableMinor: funded.some(({ order_id: id }) => id === orderId) ? null : (availableMinor ?? 0),
    receivedAt: Temporal.Instant.from(data.received_at ?? data.registered_at),
    creditedAt: Temporal.Instant.from(data.registered_at),
  };
}

/** The payment that a person got after its registration, where it names an order. */
function creditedPaymentOf(data: DataOf<typeof paymentCredited>): NamingPayment | undefined {
  if (data.order_id === null) return undefined;
  return {
    paymentId: data.payment_id,
    orderId: data.order_id,
    personId: data.person_id,
    amountMinor: data.amount_minor,
    currency: data.currency,
    availableMinor: data.available_minor,
    receivedAt: Temporal.Instant.from(data.received_at),
    creditedAt: Temporal.Instant.from(data.credited_at),
  };
}

/** Money that left a person, with the orders that have to give way for it. */
type MoneyTaken = EnvelopeOf<typeof paymentRefunded | typeof paymentCorrected | typeof paymentReassigned>;

function revocation({ data, ...message }: MoneyTaken, reason: string): Revocation {
  return { ...message, orderIds: data.orders.map(({ order_id: orderId }) => orderId), reason };
}

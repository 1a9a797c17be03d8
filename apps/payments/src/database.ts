import { messagingAppendOnly, messagingEntities } from '#messaging/messaging.entities.js';
import type { Database } from '#persistence/database.js';
import { BonusEntity } from './bonuses/bonus.entity.js';
import { CheckoutEntity } from './checkout/checkout.entity.js';
import { OrderWriteOffEntity } from './corrections/order-write-off.entity.js';
import { PaymentCorrectionEntity } from './corrections/payment-correction.entity.js';
import { PayoutEntity } from './corrections/payout.entity.js';
import { PaymentExtraEntity } from './extras/payment-extra.entity.js';
import { AccountEntity } from './ledger/account.entity.js';
import { EntryEntity } from './ledger/entry.entity.js';
import { TransferEntity } from './ledger/transfer.entity.js';
import { Baseline } from './migrations/baseline.migration.js';
import { PaymentEntity } from './payment-rows/payment.entity.js';
import { PersonEntity } from './persons/person.entity.js';
import { ReceivableEntity } from './receivables/receivable.entity.js';
import { RefundReportEntity } from './refunds/backlog/refund-report.entity.js';
import { RefundEntity } from './refunds/refund.entity.js';
import { WebhookRequestEntity } from './webhooks/webhook-request.entity.js';

/** The service's database: its tables by migrations, its functions by the `.sql` files beside the use cases. */
export function paymentsDatabase(url: string): Database {
  return {
    url,
    entities: [
      AccountEntity,
      TransferEntity,
      EntryEntity,
      PersonEntity,
      PaymentEntity,
      PaymentExtraEntity,
      ReceivableEntity,
      CheckoutEntity,
      RefundEntity,
      PaymentCorrectionEntity,
      PayoutEntity,
      RefundReportEntity,
      OrderWriteOffEntity,
      BonusEntity,
      WebhookRequestEntity,
      ...messagingEntities,
    ],
    migrations: [{ name: '0001-baseline', class: Baseline }],
    functionsIn: import.meta.dirname,
    // Of a transfer only the outcome is written later, once (`transfer_guard`).
    appendOnly: {
      ...messagingAppendOnly,
      entry: [],
      transfer: ['state', 'resolved_at'],
      payment_correction: [],
      payout: [],
      order_write_off: [],
    },
  };
}

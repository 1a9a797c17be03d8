import type { Feature } from '#jobs/feature.js';
import type { SubscriptionsSettings } from '../subscriptions.config.js';
import { ApproveOrder } from './approve-order.js';
import { CancelOrder } from './cancel-order.js';
import { CompleteOrder } from './complete-order.js';
import { ConfirmOrder } from './confirm-order.js';
import { EndOrder } from './end-order.js';
import { ExpireOrderJob, sweepOverdueOrdersJob } from './expire-order.job.js';
import { ExpireOrder } from './expire-order.js';
import { ForgoOrder } from './forgo-order.js';
import { OpenDiscountedOrder } from './open-discounted-order.js';
import { OpenOrder } from './open-order.js';
import { OpeningFloor } from './opening-floor.js';
import { OrderDraftsStore } from './order-drafts.store.js';
import { OrdersConsumer } from './orders.consumer.js';
import { OrdersStore } from './orders.store.js';
import { PaymentsConsumer } from './payments.consumer.js';
import { ReadOrders } from './read-orders.js';
import { RevokeOrder } from './revoke-order.js';
import { expireOrderJob, ScheduleExpiries } from './schedule-expiries.js';
import { SettleOrder } from './settle-order.js';

export const orders: Feature<SubscriptionsSettings> = {
  controllers: [OrdersConsumer, PaymentsConsumer],
  providers: [
    OrdersStore,
    OrderDraftsStore,
    OpeningFloor,
    OpenOrder,
    OpenDiscountedOrder,
    ForgoOrder,
    ConfirmOrder,
    CompleteOrder,
    ApproveOrder,
    RevokeOrder,
    SettleOrder,
    CancelOrder,
    ExpireOrder,
    EndOrder,
    ScheduleExpiries,
    ReadOrders,
    ExpireOrderJob,
  ],
  jobs: [expireOrderJob, sweepOverdueOrdersJob],
  schedules: ({ sweepEveryMs }) => [{ job: sweepOverdueOrdersJob, data: {}, everyMs: sweepEveryMs }],
};

import { Module } from '@nestjs/common';
import { JobsModule } from '#jobs/jobs.module.js';
import { Clock } from '#kernel/clock.js';
import { PaymentsModule } from '../payments/payments.module.js';
import { PaymentsSettings } from '../payments.config.js';
import { RefundsModule } from '../refunds/refunds.module.js';
import { DismissNotification } from './quarantine/dismiss-notification.js';
import { ListQuarantined } from './quarantine/list-quarantined.js';
import { QuarantineConsumer } from './quarantine/quarantine.consumer.js';
import { QuarantinedStore } from './quarantine/quarantined.store.js';
import { QuarantinedGauge } from './quarantine/quarantined-gauge.js';
import { ReceiveRequests } from './receiving/receive-requests.js';
import { ReceiveWebhook } from './receiving/receive-webhook.js';
import { VerifyRequest } from './receiving/verify-request.js';
import { WebhooksHttp } from './receiving/webhooks.http.js';
import { WebhooksStore } from './receiving/webhooks.store.js';
import { PruneRejectedJob, pruneRejectedJob } from './rejecting/prune-rejected.job.js';
import { RejectedRequestsStore } from './rejecting/rejected-requests.store.js';
import { Rejections } from './rejecting/rejections.js';
import { SharedBudget } from './rejecting/shared-budget.js';

const everyDayMs = 24 * 3_600_000;

/** Notifications of providers: receiving them, and the quarantine. */
@Module({
  imports: [
    PaymentsModule,
    RefundsModule,
    JobsModule.forFeature({
      jobs: [pruneRejectedJob],
      schedules: [{ job: pruneRejectedJob, data: {}, everyMs: everyDayMs }],
    }),
  ],
  controllers: [WebhooksHttp, QuarantineConsumer],
  providers: [
    {
      provide: SharedBudget,
      inject: [PaymentsSettings],
      useFactory: ({ redisUrl }: PaymentsSettings) => new SharedBudget(redisUrl),
    },
    {
      provide: VerifyRequest,
      inject: [PaymentsSettings, Rejections, Clock],
      useFactory: ({ providers }: PaymentsSettings, rejections: Rejections, clock: Clock) =>
        new VerifyRequest(providers, rejections, clock),
    },
    ReceiveWebhook,
    WebhooksStore,
    ReceiveRequests,
    RejectedRequestsStore,
    Rejections,
    QuarantinedStore,
    ListQuarantined,
    DismissNotification,
    QuarantinedGauge,
    PruneRejectedJob,
  ],
})
export class WebhooksModule {}

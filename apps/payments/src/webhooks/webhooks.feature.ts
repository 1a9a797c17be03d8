import type { Feature } from '#jobs/feature.js';
import { Clock } from '#kernel/clock.js';
import { PaymentsSettings } from '../payments.config.js';
import { DismissNotification } from './dismiss-notification.js';
import { ListQuarantined } from './list-quarantined.js';
import { PruneRejectedJob, pruneRejectedJob } from './prune-rejected.job.js';
import { QuarantinedStore } from './quarantined.store.js';
import { QuarantinedGauge } from './quarantined-gauge.js';
import { ReceiveWebhook } from './receive-webhook.js';
import { Rejections } from './rejections.js';
import { SharedBudget } from './shared-budget.js';
import { WebhooksConsumer } from './webhooks.consumer.js';
import { WebhooksHttp } from './webhooks.http.js';
import { WebhooksStore } from './webhooks.store.js';

const everyDayMs = 24 * 3_600_000;

export const webhooks: Feature = {
  controllers: [WebhooksHttp, WebhooksConsumer],
  providers: [
    {
      provide: SharedBudget,
      inject: [PaymentsSettings],
      useFactory: ({ redisUrl }: PaymentsSettings) => new SharedBudget(redisUrl),
    },
    {
      provide: ReceiveWebhook,
      inject: [PaymentsSettings, WebhooksStore, Rejections, Clock],
      useFactory: ({ providers }: PaymentsSettings, store: WebhooksStore, rejections: Rejections, clock: Clock) =>
        new ReceiveWebhook(providers, store, rejections, clock),
    },
    WebhooksStore,
    Rejections,
    QuarantinedStore,
    ListQuarantined,
    DismissNotification,
    QuarantinedGauge,
    PruneRejectedJob,
  ],
  jobs: [pruneRejectedJob],
  schedules: () => [{ job: pruneRejectedJob, data: {}, everyMs: everyDayMs }],
};

import { Counter, Gauge, Histogram } from 'prom-client';
import { metricOnce } from '#observability/metric-once.js';

export const outboxDepth = metricOnce(
  'messaging_outbox_depth',
  (name) => new Gauge({ name, help: 'Events that are committed and not yet published.', labelNames: ['service'] }),
);

export const outboxAge = metricOnce(
  'messaging_outbox_age_seconds',
  (name) => new Gauge({ name, help: 'Age of the oldest event that is not yet published.', labelNames: ['service'] }),
);

export const relayWindow = metricOnce(
  'messaging_relay_window_events',
  (name) =>
    new Histogram({
      name,
      help: 'Events that the relay published per transaction.',
      labelNames: ['service'],
      buckets: [1, 3, 10, 30, 100, 300, 1000],
    }),
);

export const relayWorking = metricOnce(
  'messaging_relay_working',
  (name) => new Gauge({ name, help: '1 where the relay publishes, 0 where it stands by.', labelNames: ['service'] }),
);

/** `outcome`: done, retried, parked; for requests answered, refused, faulted, unavailable, expired. */
export const messagesHandled = metricOnce(
  'messaging_messages_total',
  (name) => new Counter({ name, help: 'Messages by outcome.', labelNames: ['service', 'type', 'outcome'] }),
);

export const foreignMessages = metricOnce(
  'messaging_foreign_messages_total',
  (name) =>
    new Counter({
      name,
      help: 'Messages that were refused, because their publisher may not publish their type.',
      labelNames: ['service', 'type'],
    }),
);

export const batchSize = metricOnce(
  'messaging_batch_messages',
  (name) =>
    new Histogram({
      name,
      help: 'Messages per call of a handler.',
      labelNames: ['service', 'type'],
      buckets: [1, 3, 10, 30, 100, 300],
    }),
);

export const consumerLag = metricOnce(
  'messaging_consumer_lag_seconds',
  (name) =>
    new Histogram({
      name,
      help: 'From the commit of an event to the end of its handling.',
      labelNames: ['service', 'type'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    }),
);

export const unsettledEvents = metricOnce(
  'messaging_unsettled_events',
  (name) =>
    new Gauge({ name, help: 'Events that arrived and are not acknowledged yet.', labelNames: ['service', 'queue'] }),
);

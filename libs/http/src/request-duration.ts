import { Histogram } from 'prom-client';
import { metricOnce } from '#observability/metric-once.js';

/** The histogram `http_request_duration_seconds`, observed for every request. */
export const httpRequestDuration = metricOnce(
  'http_request_duration_seconds',
  (name) =>
    new Histogram({
      name,
      help: 'From the first byte of a request to the last of its answer, by method, route pattern and status.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    }),
);

import { Controller, Get, Header } from '@nestjs/common';
import { collectDefaultMetrics, Histogram, register } from 'prom-client';
import { once } from './once.js';

export const httpRequestDuration = once(
  'http_request_duration_seconds',
  (name) =>
    new Histogram({
      name,
      help: 'From the first byte of a request to the last of its answer, by method, route pattern and status.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    }),
);

if (!register.getSingleMetric('process_cpu_seconds_total')) collectDefaultMetrics();

/** Whatever the process has registered with prom-client's default registry, for Prometheus to scrape. */
@Controller('metrics')
export class MetricsController {
  @Get()
  @Header('content-type', register.contentType)
  @Header('cache-control', 'no-store')
  metrics(): Promise<string> {
    return register.metrics();
  }
}

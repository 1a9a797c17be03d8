import { Controller, Get, Header } from '@nestjs/common';
import { collectDefaultMetrics, register } from 'prom-client';

if (!register.getSingleMetric('process_cpu_seconds_total')) collectDefaultMetrics();

/** Serves prom-client's default registry for Prometheus to scrape. */
@Controller('metrics')
export class MetricsController {
  @Get()
  @Header('content-type', register.contentType)
  @Header('cache-control', 'no-store')
  metrics(): Promise<string> {
    return register.metrics();
  }
}

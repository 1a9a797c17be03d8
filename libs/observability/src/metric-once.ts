import { register } from 'prom-client';

/**
 * The metric of this name in prom-client's default registry; created by `make` if there is none yet. Tests run several
 * services in one process, which has one registry.
 */
export function metricOnce<Metric>(name: string, make: (name: string) => Metric): Metric {
  return (register.getSingleMetric(name) as Metric | undefined) ?? make(name);
}

import { register } from 'prom-client';

/**
 * The metric of that name, made where there is none yet: several services may live in one process (tests do that), and
 * the default registry belongs to the process.
 */
export function once<Metric>(name: string, make: (name: string) => Metric): Metric {
  return (register.getSingleMetric(name) as Metric | undefined) ?? make(name);
}

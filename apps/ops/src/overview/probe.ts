import { z } from 'zod';
import type { Instance } from '../ops.config.js';
import { type Located, locate } from './locate.js';
import type { ServiceHealth } from './overview.js';
import { parseMetrics, type Sample } from './prometheus-text.js';

/** The health and the metrics of one instance of a service. */
export interface Report {
  readonly health: ServiceHealth;
  readonly address: string;
  readonly samples: readonly Sample[];
}

/** For the DNS lookup and the answers: `/health/ready` answers within two seconds, also when a server hangs. */
const probeTimeoutMs = 2_500;
const answerBytesMax = 4_000_000;

const readiness = z.object({
  status: z.enum(['ok', 'degraded', 'error', 'shutting_down']),
  details: z.record(z.string(), z.looseObject({ status: z.string(), message: z.string().optional() })).default({}),
});

/** The reports of all instances under a name. An instance without an answer or an address is down; throws nothing. */
export async function probe(named: Instance): Promise<Report[]> {
  const inTime = AbortSignal.timeout(probeTimeoutMs);
  const late = new Promise<never>((_, reject) => {
    inTime.addEventListener('abort', () => reject(inTime.reason));
  });
  try {
    const instances = await Promise.race([locate(named), late]);
    return await Promise.all(instances.map((instance) => readReport(instance, inTime)));
  } catch (error) {
    const health: ServiceHealth = { ...named, status: 'down', failing: { process: wordsOf(error) } };
    return [{ health, address: named.url, samples: [] }];
  }
}

async function readReport({ service, url, address }: Located, inTime: AbortSignal): Promise<Report> {
  const [health, samples] = await Promise.all([readHealth(url, inTime), readMetrics(url, inTime)]);
  return { health: { service, url, ...health }, address, samples };
}

async function readHealth(url: string, signal: AbortSignal): Promise<Pick<ServiceHealth, 'status' | 'failing'>> {
  try {
    const answer = await fetch(`${url}/health/ready`, { signal });
    const { status, details } = readiness.parse(await answer.json());
    const failing = Object.fromEntries(
      Object.entries(details)
        .filter(([, part]) => part.status !== 'up')
        .map(([name, part]) => [name, part.message ?? part.status]),
    );
    if (status === 'shutting_down') return { status: 'down', failing: { process: 'is shutting down' } };
    return { status: status === 'ok' ? 'up' : status === 'degraded' ? 'degraded' : 'down', failing };
  } catch (error) {
    return { status: 'down', failing: { process: wordsOf(error) } };
  }
}

async function readMetrics(url: string, signal: AbortSignal): Promise<Sample[]> {
  try {
    const answer = await fetch(`${url}/metrics`, { signal });
    const text = await answer.text();
    return answer.ok && text.length <= answerBytesMax ? parseMetrics(text) : [];
  } catch {
    return [];
  }
}

function wordsOf(error: unknown): string {
  const { name, syscall } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError') return 'does not answer in time';
  if (syscall === 'getaddrinfo') return 'its name has no address';
  // fetch throws a TypeError when there is no connection.
  if (name === 'TypeError') return 'cannot be reached';
  return 'answers with malformed data';
}

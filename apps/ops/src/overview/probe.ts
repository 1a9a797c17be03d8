import { z } from 'zod';
import type { Instance } from '../ops.config.js';
import type { ServiceHealth } from './overview.js';
import { parseMetrics, type Sample } from './prometheus-text.js';

/** What one instance of a service says of itself. */
export interface Report {
  readonly health: ServiceHealth;
  readonly samples: readonly Sample[];
}

/** `/health/ready` answers within two seconds, whatever hangs there. */
const probeTimeoutMs = 2_500;
const answerBytesMax = 4_000_000;

const readiness = z.object({
  status: z.enum(['ok', 'degraded', 'error', 'shutting_down']),
  details: z.record(z.string(), z.looseObject({ status: z.string(), message: z.string().optional() })).default({}),
});

/** Never fails: an instance that does not answer is the answer. */
export async function probe({ service, url }: Instance): Promise<Report> {
  const [health, samples] = await Promise.all([readHealth(url), readMetrics(url)]);
  return { health: { service, url, ...health }, samples };
}

async function readHealth(url: string): Promise<Pick<ServiceHealth, 'status' | 'failing'>> {
  try {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(probeTimeoutMs) });
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

async function readMetrics(url: string): Promise<Sample[]> {
  try {
    const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(probeTimeoutMs) });
    const text = await answer.text();
    return answer.ok && text.length <= answerBytesMax ? parseMetrics(text) : [];
  } catch {
    return [];
  }
}

function wordsOf(error: unknown): string {
  const { name } = error as Error;
  if (name === 'TimeoutError') return 'does not answer in time';
  // What fetch throws when there is no connection.
  if (name === 'TypeError') return 'cannot be reached';
  return 'says nothing that can be understood';
}

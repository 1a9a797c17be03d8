import { Agent, request as httpRequest } from 'node:http';
import type { FuzzRequest } from './requests.js';

/** An answer, or what came in its place. */
export interface FuzzAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly retryAfter: number | undefined;
}

const agent = new Agent({ keepAlive: true, maxSockets: 32 });
const patienceMs = 20_000;
const idOfNothing = '6d0f3f1a-7a55-4b6e-9d6b-0d6f5c3f7b11';

/**
 * Sends a request byte by byte as it stands, with ids in place of their names.
 * @throws Error when no answer comes in twenty seconds, or the connection breaks without one
 */
export function sendFuzz(
  url: string,
  { method, target, headers, body }: FuzzRequest,
  ids: Readonly<Record<string, string>>,
  token: string | undefined,
): Promise<FuzzAnswer> {
  const filled = (text: string) => text.replace(/\{\{([\w/-]+)\}\}/g, (_, name) => ids[name] ?? idOfNothing);
  const bytes = body === undefined ? undefined : Buffer.from(filled(body), 'latin1');
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const request = httpRequest({
      hostname,
      port,
      method,
      path: filled(target),
      agent,
      headers: {
        ...(headers as Record<string, string | string[]>),
        ...(token && { authorization: `Bearer ${token}` }),
        ...(bytes && { 'content-length': bytes.length }),
      },
      signal: AbortSignal.timeout(patienceMs),
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      const done = () => {
        const retryAfter = response.headers['retry-after'];
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'] ?? '',
          text: Buffer.concat(chunks).toString(),
          retryAfter: retryAfter === undefined ? undefined : Number(retryAfter),
        });
      };
      if (response.headers['content-type']?.includes('text/event-stream')) {
        done();
        request.destroy();
        return;
      }
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', done);
      response.on('error', reject);
    });
    request.end(bytes);
  });
}

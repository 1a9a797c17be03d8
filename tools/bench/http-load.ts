import { connect, type Socket } from 'node:net';

export interface Load {
  readonly url: string;
  readonly connections: number;
  /** The next request as it goes over the wire, or undefined when there is nothing more to send. */
  readonly next: () => Buffer | undefined | Promise<Buffer | undefined>;
  /** Nothing new is sent after so many seconds. */
  readonly seconds: number;
}

export interface LoadReport {
  readonly answers: number;
  readonly perSecond: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Milliseconds from sending to the whole answer. */
  readonly p50: number;
  readonly p99: number;
}

/**
 * Keeps `connections` keep-alive connections busy, one request at a time on each. It speaks just enough HTTP/1.1 for
 * answers with a Content-Length, so that on a machine shared with the system under test the client costs little and
 * what is measured is the server. Ready-made requests come in, because signing them is the client's work as well.
 */
export async function fire({ url, connections, next, seconds }: Load): Promise<LoadReport> {
  const { hostname, port } = new URL(url);
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  const began = performance.now();
  const ends = began + seconds * 1_000;

  const record = (status: string, sentAt: number) => {
    latencies.push(performance.now() - sentAt);
    statuses[status] = (statuses[status] ?? 0) + 1;
  };

  await Promise.all(
    Array.from({ length: connections }, () => busyConnection(Number(port), hostname, next, ends, record)),
  );

  const elapsedSeconds = (performance.now() - began) / 1_000;
  latencies.sort((left, right) => left - right);
  return {
    answers: latencies.length,
    perSecond: latencies.length / elapsedSeconds,
    statuses,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}

/** The value below which the given share of sorted figures lies. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** A request as it goes over the wire. */
export function wireRequest(method: string, target: URL, headers: Readonly<Record<string, string>>, body = ''): Buffer {
  const lines = [
    `${method} ${target.pathname}${target.search} HTTP/1.1`,
    `host: ${target.host}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

function busyConnection(
  port: number,
  hostname: string,
  next: Load['next'],
  ends: number,
  record: (status: string, sentAt: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, hostname);
    socket.setNoDelay(true);
    let sentAt = 0;
    let answer = '';
    const send = async () => {
      const request = performance.now() < ends ? await next() : undefined;
      if (!request) return finish(socket, resolve);
      sentAt = performance.now();
      socket.write(request);
    };
    socket.once('connect', send);
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1');
      if (!isWhole(answer)) return;
      record(answer.slice(9, 12), sentAt);
      answer = '';
      send();
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the server closed a connection that was in use')));
  });
}

function finish(socket: Socket, resolve: () => void): void {
  socket.removeAllListeners('close');
  socket.end();
  resolve();
}

function isWhole(answer: string): boolean {
  const headEnd = answer.indexOf('\r\n\r\n');
  if (headEnd < 0) return false;
  const length = /content-length: (\d+)/i.exec(answer.slice(0, headEnd))?.[1];
  return answer.length >= headEnd + 4 + Number(length ?? 0);
}

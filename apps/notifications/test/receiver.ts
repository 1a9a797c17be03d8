import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** A request that a receiver got. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly id: string;
  readonly data: Record<string, unknown>;
  readonly subject: string;
}

type Answer = (received: Received, response: ServerResponse) => void | Promise<void>;

const accepted: Answer = (_, response) => {
  response.writeHead(204).end();
};

/** A server of an outside system, which answers as the test says. */
export class Receiver {
  readonly received: Received[] = [];
  answer: Answer = accepted;

  private constructor(
    readonly url: string,
    private readonly close: () => Promise<void>,
  ) {}

  static async open(host = '127.0.0.1'): Promise<Receiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        const { id, data, subject } = JSON.parse(body || '{}');
        const got = { headers: request.headers, body, id, data, subject };
        receiver.received.push(got);
        void receiver.answer(got, response);
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, host, resolve);
    });
    const receiver = new Receiver(`http://${host}:${(server.address() as AddressInfo).port}/hook`, async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return receiver;
  }

  /** Answers with a status from now on. */
  answers(status: number, headers: Record<string, string> = {}): void {
    this.answer = (_, response) => {
      response.writeHead(status, headers).end('an answer');
    };
  }

  accepts(): void {
    this.answer = accepted;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Whether the SDK of Standard Webhooks accepts a request with this secret, at its own time. */
export function accepts(secret: string, { headers, body }: Received): boolean {
  const clock = Date.now;
  Date.now = () => Number(headers['webhook-timestamp']) * 1_000;
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  } finally {
    Date.now = clock;
  }
}

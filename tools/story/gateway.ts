import { CliError } from '../terminal.ts';

const deadlineMs = 15_000;

/** What the story needs of an order, a class, and so on; the whole shapes are in libs/contracts. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly total: number;
}

/** The gateway's HTTP API in the hands of one person. A problem that it answers with ends the story. */
export class Gateway {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  get<T>(path: string): Promise<T> {
    return this.#ask<T>('GET', path);
  }

  /** With a key of its own the request may be repeated, now or at the next start, and makes its thing once. */
  post<T>(path: string, body: unknown, idempotencyKey?: string): Promise<T> {
    return this.#ask<T>('POST', path, body, idempotencyKey);
  }

  /** The steps of an order as they happen, from its first. */
  async *orderEvents(orderId: string): AsyncGenerator<OrderStep> {
    const answer = await this.#send('GET', `/orders/${orderId}/events`, { accept: 'text/event-stream' });
    let text = '';
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const events = text.split(/\r?\n\r?\n/);
      text = events.pop() ?? '';
      for (const event of events) {
        const data = /^data: ?(.*)$/m.exec(event)?.[1];
        if (data) yield JSON.parse(data) as OrderStep;
      }
    }
  }

  async #ask<T>(method: string, path: string, body?: unknown, idempotencyKey?: string): Promise<T> {
    const headers: Record<string, string> = {};
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (idempotencyKey) headers['idempotency-key'] = idempotencyKey;
    const answer = await this.#send(method, path, headers, body);
    return (await answer.json()) as T;
  }

  async #send(method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<Response> {
    const answer = await fetch(`${this.#url}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(deadlineMs),
    });
    if (!answer.ok) throw new CliError(`${method} ${path} was answered ${answer.status}: ${await answer.text()}`);
    return answer;
  }
}

export interface OrderStep {
  readonly step: number;
  readonly name: string;
  readonly description: string;
}

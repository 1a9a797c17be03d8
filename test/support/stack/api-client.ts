export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at any body
  readonly body: any;
  readonly headers: Headers;
}

/** The API as a client of the gateway sees it. */
export class ApiClient {
  readonly #gatewayUrl: string;
  readonly #token: string | undefined;

  constructor(gatewayUrl: string, token: string | undefined) {
    this.#gatewayUrl = gatewayUrl;
    this.#token = token;
  }

  get(path: string): Promise<Answer> {
    return this.request('GET', path);
  }

  post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.request('POST', path, body, headers);
  }

  patch(path: string, body: unknown): Promise<Answer> {
    return this.request('PATCH', path, body);
  }

  /** Like `post`, for what has to succeed: throws the problem otherwise and gives the body. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at any body
  async made(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<any> {
    const answer = await this.post(path, body, headers);
    if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.#gatewayUrl}/api${path}`, {
      method,
      headers: {
        ...(this.#token ? { authorization: `Bearer ${this.#token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined || typeof body === 'string' ? (body as string | undefined) : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : undefined, headers: response.headers };
  }
}

import type { CDPSession, Page } from 'playwright-core';

/** What a page gets in place of the server's answer. */
export interface GivenAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What happens to a reading: an answer of the test, the real one changed, or none as long as the page is there. */
export type AnswerToReads =
  | { readonly given: GivenAnswer }
  | { readonly changed: (body: string) => string }
  | { readonly none: true };

interface PausedRequest {
  readonly requestId: string;
  readonly request: { readonly method: string };
  readonly responseStatusCode?: number;
  readonly responseHeaders?: { name: string; value: string }[];
}

/**
 * Answers what a page reads from the API, in place of the server. Unlike the routes of Playwright it leaves the cache
 * of the browser on, and with it the compiled scripts.
 */
export class ApiAnswers {
  readonly #browser: CDPSession;
  #answer: AnswerToReads | undefined;

  private constructor(browser: CDPSession) {
    this.#browser = browser;
    browser.on('Fetch.requestPaused', (paused) => {
      // The page may be gone before it is answered.
      void this.#respond(paused).catch(() => {});
    });
  }

  static async of(page: Page): Promise<ApiAnswers> {
    return new ApiAnswers(await page.context().newCDPSession(page));
  }

  async answerReads(answer: AnswerToReads): Promise<void> {
    this.#answer = answer;
    const requestStage = 'changed' in answer ? 'Response' : 'Request';
    await this.#browser.send('Fetch.enable', { patterns: [{ urlPattern: '*/api/*', requestStage }] });
  }

  /** From now on the server answers again. */
  async end(): Promise<void> {
    this.#answer = undefined;
    await this.#browser.send('Fetch.disable');
  }

  async #respond({ requestId, request, responseStatusCode = 0, responseHeaders = [] }: PausedRequest): Promise<void> {
    const answer = this.#answer;
    const isStream = responseHeaders.some(({ value }) => value.startsWith('text/event-stream'));
    if (!answer || request.method !== 'GET' || isStream) {
      await this.#browser.send('Fetch.continueRequest', { requestId });
    } else if ('given' in answer) {
      const { status, headers, body } = answer.given;
      await this.#fulfil(requestId, status, headersOf(headers), body);
    } else if ('changed' in answer) {
      const { body, base64Encoded } = await this.#browser.send('Fetch.getResponseBody', { requestId });
      const text = base64Encoded ? Buffer.from(body, 'base64').toString() : body;
      const kept = responseHeaders.filter(({ name }) => !/^content-(length|encoding)$/i.test(name));
      await this.#fulfil(requestId, responseStatusCode, kept, answer.changed(text));
    }
  }

  async #fulfil(
    requestId: string,
    responseCode: number,
    responseHeaders: { name: string; value: string }[],
    body: string,
  ) {
    const encoded = Buffer.from(body).toString('base64');
    await this.#browser.send('Fetch.fulfillRequest', { requestId, responseCode, responseHeaders, body: encoded });
  }
}

function headersOf(headers: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(headers).map(([name, value]) => ({ name, value }));
}

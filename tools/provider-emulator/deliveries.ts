import Stripe from 'stripe';
import { type Notice, newStripeId, type Records, unixSeconds } from './records.ts';

export interface Endpoint {
  /** Where the payment service takes the notifications of Stripe. */
  readonly url: () => string;
  /** What they are signed with. */
  readonly secret: string;
}

/** The pauses between the attempts. Stripe goes on for three days. */
const pausesByDefaultMs: readonly number[] = [1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000];
const attemptTimeoutMs = 10_000;

/** The SDK signs without its key. */
const signer = new Stripe('sk_test_signs_only');

/** Signs notifications by Stripe's SDK, posts them, and repeats those that are not answered 2xx. */
export class Deliveries {
  readonly #records: Records;
  readonly #endpoint: Endpoint;
  readonly #pausesMs: readonly number[];
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(records: Records, endpoint: Endpoint, pausesMs: readonly number[] = pausesByDefaultMs) {
    this.#records = records;
    this.#endpoint = endpoint;
    this.#pausesMs = pausesMs;
    // What a restart has interrupted.
    for (const notice of records.notices.values()) if (notice.state === 'waiting') this.#later(notice, 0);
  }

  /** Notes a notification and posts it. Ends after the first attempt; later ones follow by themselves. */
  async notify(type: string, about: string, object: object): Promise<Notice> {
    const [id, createdAt] = [newStripeId('evt'), unixSeconds()];
    const event = { id, object: 'event', created: createdAt, livemode: false, type, data: { object } };
    const notice: Notice = { id, type, about, createdAt, body: JSON.stringify(event), attempts: [], state: 'waiting' };
    this.#records.notices.set(id, notice);
    await this.send(notice);
    return notice;
  }

  /** Posts a notification, also one that was delivered before: providers send some of them twice. */
  async send(notice: Notice): Promise<void> {
    const answer = await this.#post(notice.body);
    notice.attempts.push({ at: new Date().toISOString(), answer });
    if (/^2\d\d\b/.test(answer)) notice.state = 'delivered';
    else if (notice.state === 'waiting') this.#retry(notice);
    this.#records.save();
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #retry(notice: Notice): void {
    const pauseMs = this.#pausesMs[notice.attempts.length - 1];
    if (pauseMs === undefined) notice.state = 'given up';
    else this.#later(notice, pauseMs);
  }

  #later(notice: Notice, pauseMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (notice.state === 'waiting') void this.send(notice);
    }, pauseMs);
    timer.unref();
    this.#timers.add(timer);
  }

  async #post(body: string): Promise<string> {
    const signature = signer.webhooks.generateTestHeaderString({ payload: body, secret: this.#endpoint.secret });
    try {
      const response = await fetch(this.#endpoint.url(), {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature },
        body,
        signal: AbortSignal.timeout(attemptTimeoutMs),
      });
      return `${response.status} ${(await response.text()).slice(0, 300)}`;
    } catch (error) {
      return `no answer: ${(error as Error).message}`;
    }
  }
}

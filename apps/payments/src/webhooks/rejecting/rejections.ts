import { hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import { Counter } from 'prom-client';
import { type ReadBody, readBody } from '#identity/signed-body.js';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import { withTimeout } from '#kernel/with-timeout.js';
import { metricOnce } from '#observability/metric-once.js';
import { PaymentsSettings } from '../../payments.config.js';
import { type RejectedRequest, RejectedRequestsStore } from './rejected-requests.store.js';
import { SharedBudget } from './shared-budget.js';

/** How many refused requests per provider and minute are worth keeping; a flood of them must not fill the disk. */
export const keptPerMinute = 20;

/**
 * Enough of a body to see its sender and its purpose. Anybody may post, and a day at this rate is a quarter of a
 * gigabyte instead of five. The length and the digest prove whether a provider did send the whole.
 */
const bodyBytesMax = 2_048;
const headersMax = 1_024;
const unreadLimits = { keptBytesMax: bodyBytesMax, bytesMax: 64 * 1_024 };
const evidenceMs = 250;

/** A rejected request and the address of its sender. */
export type Rejected = Omit<RejectedRequest, 'body' | 'bodyBytes' | 'bodySha256'> & { readonly address: string };

const rejectedRequests = metricOnce(
  'matricula_webhook_rejected_total',
  (name) =>
    new Counter({
      name,
      help: 'Requests that were refused, by provider and reason. Alarm on the reason BODY_TOO_LARGE.',
      labelNames: ['provider', 'reason'],
    }),
);

/**
 * Counts rejected requests and keeps some of them, as evidence only. A failure to keep one changes nothing about its
 * rejection. An address with too many of them gets RATE_LIMITED, and nothing more of it is kept. Authentic requests of
 * the same address are never refused for that.
 */
@Injectable()
export class Rejections {
  private readonly logger = new Logger(Rejections.name);

  constructor(
    private readonly store: RejectedRequestsStore,
    private readonly budget: SharedBudget,
    private readonly settings: PaymentsSettings,
    private readonly clock: Clock,
  ) {}

  /**
   * Keeps a request whose body was not read. Its body is read now, if the request is kept at all. The answer waits for
   * that no longer than `evidenceMs`: a sender that is slow is refused before its body has arrived.
   * @throws Refusal RATE_LIMITED
   */
  async keepUnread(rejected: Rejected, stream: Readable): Promise<void> {
    if (!(await this.count(rejected))) return;
    const keeping = readBody(stream, unreadLimits)
      .then(({ beginning, bytes, sha256 }) => this.store.keep(evidenceOf(rejected, beginning, bytes, sha256), this.now))
      .catch((error) => this.warn(error, rejected));
    await withTimeout(evidenceMs, keeping).catch(() => {});
  }

  /**
   * Keeps the beginning of a request whose body was read, at least in part.
   * @throws Refusal RATE_LIMITED
   */
  async keep(rejected: Rejected, { beginning, bytes, sha256 }: ReadBody): Promise<void> {
    if (!(await this.count(rejected))) return;
    try {
      await this.store.keep(evidenceOf(rejected, beginning, bytes, sha256), this.now);
    } catch (error) {
      this.warn(error, rejected);
    }
  }

  /**
   * Quarantines an authentic request that is too large to be applied, once: an operator looks at its beginning.
   */
  async quarantineTooLarge(request: Omit<RejectedRequest, 'reason'>): Promise<void> {
    rejectedRequests.inc({ provider: request.provider, reason: 'BODY_TOO_LARGE' });
    await this.store.quarantine({ ...request, reason: 'BODY_TOO_LARGE' }, this.now);
  }

  private get now(): Temporal.Instant {
    return this.clock.now();
  }

  /** Counts a rejected request. Whether it is to be kept. */
  private async count({ provider, reason, address }: Rejected): Promise<boolean> {
    rejectedRequests.inc({ provider, reason });
    const minute = Math.floor(this.now.epochMilliseconds / 60_000);
    const { rejectedPerMinute } = this.settings;
    if (!(await this.budget.spend(`address:${address}:${minute}`, rejectedPerMinute))) {
      throw new Refusal('RATE_LIMITED', `More than ${rejectedPerMinute} refused requests in a minute.`);
    }
    return this.budget.spend(`rejected:${provider}:${minute}`, keptPerMinute);
  }

  private warn(error: unknown, { provider }: Rejected): void {
    this.logger.warn({ err: error, provider }, 'a refused request could not be kept');
  }
}

function evidenceOf(
  { provider, reason, headers }: Rejected,
  beginning: Buffer,
  bodyBytes: number | null,
  sha256: Buffer | null,
): RejectedRequest {
  const bodySha256 = bodyBytes === beginning.length ? hash('sha256', beginning, 'buffer') : sha256;
  const brief = { headers: headers.slice(0, headersMax), body: beginning.subarray(0, bodyBytesMax) };
  return { provider, reason, ...brief, bodyBytes, bodySha256 };
}

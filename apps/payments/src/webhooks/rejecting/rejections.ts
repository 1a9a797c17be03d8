import { hash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
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

/** Keeps rejected requests as evidence only. A failure to keep one changes nothing about its rejection. */
@Injectable()
export class Rejections {
  private readonly logger = new Logger(Rejections.name);

  constructor(
    private readonly store: RejectedRequestsStore,
    private readonly budget: SharedBudget,
    private readonly clock: Clock,
  ) {}

  async keep(request: Omit<RejectedRequest, 'bodyBytes' | 'bodySha256'>): Promise<void> {
    try {
      const minute = Math.floor(this.clock.now().epochMilliseconds / 60_000);
      if (!(await this.budget.spend(`rejected:${request.provider}:${minute}`, keptPerMinute))) return;
      const { body, headers } = request;
      const brief = { body: body.subarray(0, bodyBytesMax), headers: headers.slice(0, headersMax) };
      const whole = { bodyBytes: body.length, bodySha256: hash('sha256', body, 'buffer') };
      await this.store.keep({ ...request, ...brief, ...whole }, this.clock.now());
    } catch (error) {
      this.logger.warn({ err: error, provider: request.provider }, 'a refused request could not be kept');
    }
  }
}

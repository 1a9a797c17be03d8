import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { SharedBudget } from './shared-budget.js';
import { type RejectedRequest, WebhooksStore } from './webhooks.store.js';

/** How many refused requests per provider and minute are worth keeping; a flood of them must not fill the disk. */
export const keptPerMinute = 20;

/** Keeps refused requests, as evidence and nothing else. Whatever goes wrong here, the refusal stands. */
@Injectable()
export class Rejections {
  private readonly logger = new Logger(Rejections.name);

  constructor(
    private readonly store: WebhooksStore,
    private readonly budget: SharedBudget,
    private readonly clock: Clock,
  ) {}

  async keep(request: RejectedRequest): Promise<void> {
    try {
      const minute = Math.floor(this.clock.now().epochMilliseconds / 60_000);
      if (!(await this.budget.spend(`rejected:${request.provider}:${minute}`, keptPerMinute))) return;
      await this.store.keepRejected(request, this.clock.now());
    } catch (error) {
      this.logger.warn({ err: error, provider: request.provider }, 'a refused request could not be kept');
    }
  }
}

import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { currentTrace, newTrace } from '#observability/trace.js';
import { databaseFault } from '#persistence/faults.js';
import { MicroBatcher, Overloaded } from '#persistence/micro-batcher.js';
import { PaymentsSettings } from '../../payments.config.js';
import { classify } from '../domain/notification.js';
import { ReceiveRequests } from './receive-requests.js';
import { type IncomingRequest, VerifyRequest } from './verify-request.js';
import { countVerdict } from './webhook-metrics.js';
import type { ReceivedRequest, Verdict } from './webhooks.store.js';

/** A provider is answered within this time, and repeats a notification that got no 2xx. */
const answerWithinMs = 4_500;

/**
 * Keeps a provider's notification and applies it, in one transaction; the verdict comes after the commit.
 * Notifications that arrive while one transaction runs share the next one.
 */
@Injectable()
export class ReceiveWebhook implements OnApplicationShutdown {
  private readonly batcher: MicroBatcher<ReceivedRequest, Verdict>;

  constructor(
    private readonly verification: VerifyRequest,
    private readonly settings: PaymentsSettings,
    private readonly requests: ReceiveRequests,
    private readonly clock: Clock,
  ) {
    this.batcher = new MicroBatcher((set) => this.requests.receive(set, this.clock.now()), {
      waitingMax: 5_000,
      batchesAtOnce: 2,
    });
  }

  /**
   * @throws Refusal of `VerifyRequest`
   * @throws Overloaded when too many wait or the ledger does not answer in time: it may still be applied, and the
   * provider's repeat will then be a duplicate.
   */
  async execute(name: string, incoming: IncomingRequest): Promise<Verdict> {
    const { provider, keptHeaders: headers, request } = await this.verification.execute(name, incoming);
    const { traceparent, correlationId } = currentTrace() ?? newTrace();
    const received = { provider: name, headers, body: request.body, cause: { traceparent, correlationId } };
    const verdict = await this.submit({ ...received, ...classify(provider, request, this.settings.acceptance) });
    countVerdict(name, verdict);
    return verdict;
  }

  /** For shutting down: everybody who waits is answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.batcher.drained();
  }

  private async submit(request: ReceivedRequest): Promise<Verdict> {
    try {
      return await inTime(this.batcher.submit(request));
    } catch (error) {
      if (error instanceof Overloaded || databaseFault(error) !== 'other') throw error;
      // The database refuses its content, and would refuse a repeat as well. It is kept without its content.
      const poison = {
        eventId: null,
        contentHash: null,
        payment: null,
        refund: null,
        report: undefined,
        verdict: 'quarantined',
      } as const;
      return inTime(this.batcher.submit({ ...request, ...poison, reason: 'REFUSED_BY_DATABASE' }));
    }
  }
}

function inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Overloaded('the ledger does not answer in time')), answerWithinMs);
    answer.then(resolve, reject).finally(() => clearTimeout(late));
  });
}

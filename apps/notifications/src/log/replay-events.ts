import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { replayWebhookEvents } from '#contracts/notifications/webhook-deliveries.js';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import type { Tx } from '#persistence/transaction.js';
import { active, type Endpoint } from '../endpoints/domain/endpoint.js';

/** Events in one replay. */
const replayedMax = 10_000;

/** Delivers the events of a time range to an endpoint again, by one statement. */
@Injectable()
export class ReplayEvents {
  constructor(private readonly clock: Clock) {}

  /** @throws Refusal WEBHOOK_ENDPOINT_NOT_ACTIVE, DATES_REVERSED, WEBHOOK_REPLAY_TOO_LARGE */
  async execute(
    tx: Tx,
    endpoint: Endpoint,
    { from, to, only }: RequestOf<typeof replayWebhookEvents>,
  ): Promise<ResponseOf<typeof replayWebhookEvents>> {
    active(endpoint);
    const [begin, end] = [Temporal.Instant.from(from), Temporal.Instant.from(to)];
    if (Temporal.Instant.compare(begin, end) >= 0) {
      throw new Refusal('DATES_REVERSED', 'The end must be after the begin.', { field: 'to' });
    }
    const [row] = await tx.query<{ wanted: number }>(`select replay_webhook_events($1, $2, $3, $4, $5, $6) as wanted`, [
      endpoint.id,
      begin,
      end,
      only === 'all',
      replayedMax,
      this.clock.now(),
    ]);
    const replayed = row?.wanted ?? 0;
    if (replayed <= replayedMax) return { endpoint_id: endpoint.id, replayed };
    throw new Refusal('WEBHOOK_REPLAY_TOO_LARGE', `More than ${replayedMax} events: choose a shorter time.`, {
      field: 'to',
      limit: replayedMax,
    });
  }
}

import { Injectable } from '@nestjs/common';
import { publicEvents } from '#contracts/catalogue.js';
import type { EventContract } from '#contracts/contract.js';
import { Clock } from '#kernel/clock.js';
import type { Envelope } from '#messaging/envelope.js';
import { NotificationsSettings } from '../notifications.config.js';
import { DeliveriesStore } from './deliveries.store.js';
import { WakeSending } from './wake-sending.js';

const contracts: ReadonlyMap<string, EventContract> = new Map(publicEvents.map((event) => [event.type, event]));
/** In this time the events before, in the hands of another instance, are stored too. */
const settlingMs = 1_000;
/** A timer may be a little early. */
const marginMs = 20;

/**
 * Stores events that some endpoint gets, with their deliveries: two statements for a batch, one where no endpoint gets
 * its type. A repeat finds the event stored, so there is no row in the inbox. Only what is stored is validated.
 */
@Injectable()
export class RecordEvents {
  constructor(
    private readonly deliveries: DeliveriesStore,
    private readonly settings: NotificationsSettings,
    private readonly clock: Clock,
    private readonly waking: WakeSending,
  ) {}

  /** @throws ZodError for an event that does not fit its contract, which is parked */
  async execute(batch: readonly Envelope[]): Promise<void> {
    const types = await this.deliveries.wantedTypes([...new Set(batch.map(({ type }) => type))]);
    const now = this.clock.now();
    // Its rows were dropped: it is a repeat of long ago.
    const oldest = now.subtract({ hours: 24 * this.settings.daysKept });
    const wanted = batch.filter(({ type, time }) => types.has(type) && Temporal.Instant.compare(time, oldest) > 0);
    if (wanted.length === 0) return;
    const events = wanted.map(({ id, type, subject, time, data }) => ({
      id,
      type,
      subject,
      occurredAt: time,
      data: contracts.get(type)?.data.parse(data),
    }));
    const made = await this.deliveries.record(events, now, now.add({ milliseconds: settlingMs }));
    if (made > 0) this.waking.wakeIn(settlingMs + marginMs);
  }
}

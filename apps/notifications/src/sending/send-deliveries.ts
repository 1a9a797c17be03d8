import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { MicroBatcher } from '#persistence/micro-batcher.js';
import { WakeSending } from '../deliveries/wake-sending.js';
import { type Claimed, ClaimsStore, type Tried } from './claims.store.js';
import { RecordAttempts } from './record-attempts.js';
import { SendDelivery } from './send-delivery.js';

/** Requests that one instance has under way: at all, and to one endpoint. */
const underWayMax = 256;
const parallelPerEndpoint = 8;
/** Longer than a request and its record take. After it another instance may send what this one has claimed. */
const leaseSeconds = 60;

/**
 * Sends what is due, each endpoint at its own pace: claims a set, sends it side by side, records what came of it in
 * sets, and claims again as soon as one is recorded. A crash after a request and before its record sends it again, with
 * the same webhook-id.
 */
@Injectable()
export class SendDeliveries implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SendDeliveries.name);
  private readonly underWay = new Set<Promise<void>>();
  private readonly records: MicroBatcher<Tried, undefined>;
  private round: Promise<void> | undefined;
  private isAskedAgain = false;
  private isStopping = false;

  constructor(
    private readonly claims: ClaimsStore,
    private readonly sending: SendDelivery,
    private readonly waking: WakeSending,
    private readonly clock: Clock,
    recording: RecordAttempts,
  ) {
    this.records = new MicroBatcher(async (tried) => {
      await recording.execute(tried);
      return tried.map(() => undefined);
    });
  }

  onApplicationBootstrap(): void {
    this.waking.onWake(() => this.wake());
  }

  /** Stops claiming, and waits for what is under way. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    this.waking.onWake(undefined);
    await this.idle();
  }

  /** Begins to send what is due, and resolves when that has begun. Two rounds never run at once. */
  async execute(): Promise<void> {
    if (this.round) {
      this.isAskedAgain = true;
      return this.round;
    }
    this.round = this.claimAll().finally(() => {
      this.round = undefined;
    });
    return this.round;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.round || this.underWay.size > 0) await Promise.all([this.round, ...this.underWay]);
  }

  private async claimAll(): Promise<void> {
    do {
      this.isAskedAgain = false;
      const free = underWayMax - this.underWay.size;
      if (this.isStopping || free <= 0) return;
      const now = this.clock.now();
      const leasedUntil = now.add({ seconds: leaseSeconds });
      const limits = { claim: newId(), parallel: parallelPerEndpoint, most: free };
      const claimed = await this.claims.claim(limits, now, leasedUntil);
      for (const delivery of claimed) this.begin(delivery);
    } while (this.isAskedAgain);
  }

  private begin(delivery: Claimed): void {
    const sent = this.send(delivery).finally(() => {
      this.underWay.delete(sent);
      this.wake();
    });
    this.underWay.add(sent);
  }

  private async send(delivery: Claimed): Promise<void> {
    try {
      await this.records.submit(await this.sending.execute(delivery));
    } catch (error) {
      // Its lease ends, and it is sent again.
      this.logger.error({ err: error, delivery_id: delivery.id }, 'an attempt of a webhook was not recorded');
    }
  }

  private wake(): void {
    if (this.isStopping) return;
    this.execute().catch((error: unknown) => {
      // The job wakes it again.
      this.logger.warn(`Due webhooks could not be claimed: ${(error as Error).message}`);
    });
  }
}

import { Injectable } from '@nestjs/common';
import type { classChanged, classPublished } from '#contracts/subscriptions/classes.js';
import { Inbox } from '#messaging/consuming/inbox.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { Transactions } from '#persistence/transaction.js';
import { OffersStore } from './offers.store.js';

type ClassEvent = EnvelopeOf<typeof classPublished> | EnvelopeOf<typeof classChanged>;

/** Projects published and changed classes: each is an offer, under its newest title. */
@Injectable()
export class ProjectClasses {
  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly offers: OffersStore,
  ) {}

  async execute(batch: readonly ClassEvent[]): Promise<void> {
    await this.transactions.run(async (tx) => {
      const fresh = await this.inbox.admit(tx, 'project-classes', batch);
      if (fresh.length === 0) return;
      const classes = fresh.map(({ data }) => ({
        classId: data.class_id,
        title: data.title,
        currency: data.currency,
        publishedAt: Temporal.Instant.from(data.published_at),
        changedAt: Temporal.Instant.from('changed_at' in data ? data.changed_at : data.published_at),
      }));
      await this.offers.projectClasses(tx, classes);
    });
  }
}

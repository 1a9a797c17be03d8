import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import type { getSubscription, listSubscriptions } from '#contracts/subscriptions/subscriptions.js';
import { Refusal } from '#kernel/refusal.js';
import { mapPage, type Page } from '#persistence/paging.js';
import { SubscriptionListsStore } from './subscription-lists.store.js';
import {
  type SubscriptionDetails,
  type SubscriptionView,
  subscriptionDetails,
  subscriptionView,
} from './subscription-view.js';

/** Reads subscriptions. One of another person is not found when `visible_to` names a member. */
@Injectable()
export class ReadSubscriptions {
  constructor(private readonly lists: SubscriptionListsStore) {}

  /** A page of the subscriptions that a request asks for. */
  async list(request: RequestOf<typeof listSubscriptions>): Promise<Page<SubscriptionView>> {
    const {
      visible_to: visibleTo,
      person_id: personId,
      class_id: classId,
      state,
      due_before,
      sort,
      ...paging
    } = request;
    const dueBefore = due_before === undefined ? undefined : Temporal.Instant.from(due_before);
    const page = await this.lists.list({ visibleTo, personId, classId, state, dueBefore }, sort, paging);
    return mapPage(page, (named) => subscriptionView(named, visibleTo));
  }

  /** A subscription with its periods. @throws Refusal SUBSCRIPTION_NOT_FOUND */
  async one(request: RequestOf<typeof getSubscription>): Promise<SubscriptionDetails> {
    const { subscription_id: id, visible_to: visibleTo } = request;
    const named = await this.lists.named(id);
    if (!named || (visibleTo !== null && named.subscription.personId !== visibleTo)) throw subscriptionNotFound();
    return subscriptionDetails(named, await this.lists.periods(id), visibleTo);
  }
}

/** No subscription has the id, or it belongs to another person. */
export function subscriptionNotFound(): Refusal {
  return new Refusal('SUBSCRIPTION_NOT_FOUND', 'There is no such subscription.', { field: 'subscription_id' });
}

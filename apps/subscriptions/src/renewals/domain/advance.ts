import { assert } from '#kernel/assert.js';
import type { Dunning, OpenedOrder } from '../../orders/domain/order.js';
import type { AllocatedOrder } from '../../orders/domain/seat-allocator.js';
import {
  earliest,
  endSubscription,
  type Next,
  openedPeriod,
  type Subscription,
  suspend,
} from '../../subscriptions/domain/subscription.js';

/** A subscription that is due, and its open orders of later periods. */
export interface DueWork {
  readonly subscription: Subscription;
  readonly renewals: readonly OpenedOrder[];
}

/** The order of the next period, null where there is none any more, and what follows it. */
export interface Opening {
  readonly order: AllocatedOrder | null;
  readonly next: Next;
}

/** A step of dunning that is due now. */
interface DueStep {
  readonly order: OpenedOrder;
  readonly step: Dunning['step'];
}

/** A subscription after what was due at its instant. */
export interface Advanced {
  readonly subscription: Subscription;
  readonly opened: AllocatedOrder | null;
  /** Orders whose person is reminded. */
  readonly reminded: readonly OpenedOrder[];
  /** The order for which the subscription is suspended now. */
  readonly suspendedFor: OpenedOrder | null;
}

/**
 * Does what was due at the instant `dueAt`: the order of the next period opens, a step of dunning follows, or the
 * subscription ends after its last day. After an outage several instants have passed; each of them is one call.
 */
export function advance(
  { subscription, renewals }: DueWork,
  open: (subscription: Subscription) => Opening,
  now: Temporal.Instant,
): Advanced {
  const { dueAt, nextAt, nextPeriod } = subscription;
  assert(dueAt !== null, 'a claimed subscription is due');
  const isNext = nextAt !== null && Temporal.Instant.compare(nextAt, dueAt) <= 0;
  if (isNext && nextPeriod === null && renewals.length === 0) {
    const ended = endSubscription(subscription, 'completed', now);
    return { subscription: ended, opened: null, reminded: [], suspendedFor: null };
  }
  const opening = isNext && nextPeriod !== null ? open(subscription) : null;
  const steps = renewals.flatMap((order) => {
    return order.dunning.filter(({ at }) => at.equals(dueAt)).map(({ step }): DueStep => ({ order, step }));
  });
  const suspension = steps.find(({ step }) => step === 'suspend');
  const opened = opening ? openedPeriod(subscription, opening.next) : subscription;
  const after = suspension ? suspend(opened, now) : opened;
  const unpaid = opening?.order?.state === 'opened' ? [...renewals, opening.order] : renewals;
  const dunned = unpaid.flatMap(({ dunning }) => dunning.map(({ at }) => at));
  const isWaiting = opening !== null || !isNext;
  // What follows at the same instant follows in another call, so that no step of this one is repeated.
  const following = isWaiting && after.nextAt ? later(after.nextAt, dueAt.add({ microseconds: 1 })) : null;
  const due = [following, ...dunned.filter((at) => Temporal.Instant.compare(at, dueAt) > 0)];
  return {
    subscription: { ...after, dueAt: earliest(due) },
    opened: opening?.order ?? null,
    reminded: steps.flatMap(({ order, step }) => (step === 'remind' ? [order] : [])),
    suspendedFor: subscription.state === 'active' && suspension ? suspension.order : null,
  };
}

function later(one: Temporal.Instant, other: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(one, other) < 0 ? other : one;
}

import { Injectable } from '@nestjs/common';
import { assert } from '#kernel/assert.js';
import type { Tx } from '#persistence/transaction.js';
import { ClassesStore } from '../../classes/classes.store.js';
import { OrdersStore } from '../../orders/orders.store.js';
import { keyOf, methodOf } from '../../rules/domain/rule.js';
import { RulesStore } from '../../rules/rules.store.js';
import { Schedule } from '../../subscriptions/domain/schedule.js';
import { SubscriptionsStore } from '../../subscriptions/subscriptions.store.js';
import type { DueWork } from '../domain/advance.js';
import type { RenewalTerms } from '../domain/open-renewal.js';

/** A due subscription that this transaction has locked, with its open renewals. */
export interface Claimed extends DueWork {
  /** Of a subscription whose next period is due. */
  readonly terms: () => RenewalTerms;
}

/**
 * Locks due subscriptions with their open orders. Orders are locked first, as everywhere. A subscription that another
 * transaction changed or locked meanwhile is left to that one, or to the next sweep.
 */
@Injectable()
export class ClaimDue {
  constructor(
    private readonly subscriptions: SubscriptionsStore,
    private readonly orders: OrdersStore,
    private readonly classes: ClassesStore,
    private readonly rules: RulesStore,
  ) {}

  async apply(tx: Tx, now: Temporal.Instant, limit: number): Promise<Claimed[]> {
    const due = await this.subscriptions.due(tx, now, limit);
    if (due.length === 0) return [];
    const renewals = await this.orders.lockRenewals(
      tx,
      due.map(({ id }) => id),
    );
    const claimed = await this.subscriptions.claim(tx, due);
    const renewing = claimed.filter(({ nextPeriod }) => nextPeriod !== null).map(({ id }) => id);
    const first = await this.orders.find(renewing, tx);
    const classes = await this.classes.read(
      tx,
      claimed.map(({ classId }) => classId),
    );
    const rules = await this.rules.versions(
      [...first.values()].map(({ ruleId, ruleVersion }) => ({ ruleId, version: ruleVersion })),
      tx,
    );
    const open = Map.groupBy(renewals, ({ subscriptionId }) => subscriptionId);
    return claimed.map((subscription) => {
      const terms = () => {
        const order = first.get(subscription.id);
        const published = classes.get(subscription.classId);
        const rule = order && rules.get(keyOf({ ruleId: order.ruleId, version: order.ruleVersion }));
        const plan = rule && methodOf(rule).plan;
        assert(order && published && plan && subscription.anchor, 'a subscription with a next period has a plan');
        return {
          first: order,
          published,
          schedule: new Schedule(plan, order.parameters, published, subscription.anchor),
        };
      };
      return { subscription, renewals: open.get(subscription.id) ?? [], terms };
    });
  }
}

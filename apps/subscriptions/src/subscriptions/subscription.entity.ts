import { defineEntity, p } from '@mikro-orm/postgresql';
import { among, column } from '#persistence/entities/columns.js';
import { completedBySql } from '#persistence/entities/completed-by-sql.js';
import type { EndReason, SubscriptionState } from './domain/subscription.js';

/** A subscription has no foreign keys, as its orders have none. */
export const SubscriptionEntity = completedBySql(
  defineEntity({
    name: 'Subscription',
    tableName: 'subscriptions',
    properties: {
      /** That of the first order. */
      id: p.uuid().primary(),
      personId: p.uuid(),
      classId: p.uuid(),
      state: column.oneOf<SubscriptionState>().check(among('state', ['active', 'suspended', 'ended'])),
      version: p.integer(),
      anchor: column.day().nullable(),
      nextPeriod: p.integer().check('next_period >= 1').nullable(),
      nextAt: column
        .instant()
        .nullable()
        .comment('When the order of the next period opens or, without one, the last day is over; null for never.'),
      dueAt: column
        .instant()
        .nullable()
        .comment('When the sweep has to act: a period opens, a step of dunning follows, or the last day is over.'),
      paidThrough: column.day().nullable().comment('The last day of the paid periods; null for an open end.'),
      startedAt: column.instant(),
      suspendedAt: column.instant().nullable(),
      endedAt: column.instant().nullable(),
      endReason: column.oneOf<EndReason>().nullable(),
    },
    checks: [
      {
        name: 'subscriptions_state',
        expression: `(state = 'suspended') = (suspended_at is not null)
          and (state = 'ended') = (ended_at is not null)
          and (ended_at is null or (end_reason is not null and next_period is null and due_at is null))`,
      },
      {
        name: 'subscriptions_next',
        expression: 'next_period is null or (next_at is not null and anchor is not null)',
      },
    ],
    indexes: [
      { name: 'subscriptions_due', properties: ['dueAt', 'id'], where: 'due_at is not null' },
      {
        name: 'subscriptions_renewing',
        properties: ['personId', 'classId'],
        where: `anchor is not null and state <> 'ended'`,
      },
      { name: 'subscriptions_of_person', properties: ['personId', 'id'] },
      { name: 'subscriptions_of_class', properties: ['classId', 'id'] },
      { name: 'subscriptions_out', properties: ['state', 'id'], where: `state <> 'active'` },
    ],
  }),
  'alter table subscriptions set (fillfactor = 80)',
);

import { defineEntity, p } from '@mikro-orm/postgresql';
import { among, column } from '#persistence/entities/columns.js';
import { completedBySql } from '#persistence/entities/completed-by-sql.js';
import type { RepeatEnrolment } from '../classes/domain/class.js';
import type { ParameterValues, TraceStep } from '../rules/domain/methods/method.js';
import type { Dunning, OrderState } from './domain/order.js';

/** A discount as the column `discounts` holds it. */
export interface StoredDiscount {
  readonly code: string;
  readonly discount_minor: number;
  readonly explanation: string;
  readonly redemption_id?: string | undefined;
}

/** A step of dunning as the column `dunning` holds it. */
export interface StoredDunning {
  readonly step: Dunning['step'];
  readonly at: string;
}

/**
 * An order has no foreign keys: persons and classes are never deleted, and a key would lock the person and queue at the
 * class for each order. `orders_open` decides that a person has one open first order of a class at a time, and
 * `orders_renewing` that each later period of a subscription has one order.
 */
export const OrderEntity = completedBySql(
  defineEntity({
    name: 'Order',
    tableName: 'orders',
    properties: {
      id: p.uuid().primary(),
      personId: p.uuid(),
      classId: p.uuid(),
      state: column.oneOf<OrderState>(),
      ruleId: p.uuid(),
      ruleVersion: p.integer(),
      parameters: column.jsonb<ParameterValues>(),
      trace: column.jsonb<readonly TraceStep[]>(),
      discounts: column.jsonb<readonly StoredDiscount[]>().defaultRaw(`'[]'`),
      amountMinor: column.bigint().check('amount_minor >= 0'),
      /** What may be missing when the order is paid; below the amount, so that an order never closes without money. */
      toleranceMinor: column.bigint().default(0),
      currency: p.text(),
      startDate: column.day(),
      endDate: column.day().nullable(),
      approvalRequired: p.boolean(),
      openedAt: column.instant(),
      /** End of the payment window; null for a free order. */
      expiresAt: column.instant().nullable(),
      transferId: p.uuid().nullable(),
      confirmedAt: column.instant().nullable(),
      closedAt: column.instant().nullable(),
      settledAt: column.instant().nullable(),
      endedAt: column.instant().nullable(),
      endReason: p.text().nullable(),
      /** The expired order whose late payment opened this one. */
      replacesOrderId: p.uuid().nullable(),
      /** The setting of the class at the opening. */
      repeatEnrolment: column
        .oneOf<RepeatEnrolment>()
        .default('refused')
        .check(among('repeat_enrolment', ['refused', 'allowed'])),
      /** The first order of the subscription. */
      subscriptionId: p.uuid(),
      period: p.integer().default(0).check('period >= 0'),
      enrols: p.boolean().default(true),
      anchor: column.day().nullable(),
      nextAt: column.instant().nullable(),
      dueDate: column.day().nullable(),
      dunning: column.jsonb<readonly StoredDunning[]>().defaultRaw(`'[]'`),
    },
    checks: [
      { name: 'orders_tolerance', expression: 'tolerance_minor between 0 and greatest(amount_minor - 1, 0)' },
      { name: 'orders_dates', expression: 'end_date >= start_date' },
      {
        name: 'orders_state_and_instants',
        expression: `case state
            when 'opened' then confirmed_at is null and closed_at is null and ended_at is null
            when 'confirmed' then confirmed_at is not null and closed_at is null and ended_at is null
            when 'closed' then confirmed_at is not null and closed_at is not null and ended_at is null
            when 'cancelled' then closed_at is null and ended_at is not null
            when 'expired' then confirmed_at is null and closed_at is null and ended_at is not null
            else false
          end
          and (settled_at is null or state = 'closed')
          and (ended_at is null) = (end_reason is null)`,
      },
      {
        name: 'orders_money_and_window',
        expression: `(amount_minor = 0) = (expires_at is null)
          and (transfer_id is null) = (confirmed_at is null or amount_minor = 0)`,
      },
      {
        name: 'orders_period',
        expression: `case when period = 0
            then subscription_id = id and enrols and due_date is null and (anchor is null or next_at is not null)
            else subscription_id <> id and due_date is not null and anchor is null and next_at is null
          end`,
      },
    ],
    uniques: [
      { name: 'orders_replacing', properties: ['replacesOrderId'], where: 'replaces_order_id is not null' },
      {
        name: 'orders_open',
        properties: ['personId', 'classId'],
        where: `state in ('opened', 'confirmed') and period = 0`,
      },
      { name: 'orders_renewing', properties: ['subscriptionId', 'period'], where: 'period > 0' },
    ],
    indexes: [
      { name: 'orders_expiry', properties: ['expiresAt', 'id'], where: `state = 'opened'` },
      { name: 'orders_newest', properties: ['openedAt', 'id'] },
      { name: 'orders_of_person', properties: ['personId', 'openedAt', 'id'] },
      { name: 'orders_of_class', properties: ['classId', 'openedAt', 'id'] },
      { name: 'orders_in_state', properties: ['state', 'openedAt', 'id'] },
      {
        name: 'orders_unsettled',
        properties: ['openedAt', 'id'],
        where: `state = 'closed' and settled_at is null and amount_minor > 0`,
      },
    ],
  }),
  'alter table orders set (fillfactor = 80)',
);

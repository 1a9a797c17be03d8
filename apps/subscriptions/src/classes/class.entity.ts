import { defineEntity, p } from '@mikro-orm/postgresql';
import { among, column } from '#persistence/entities/columns.js';
import { completedBySql } from '#persistence/entities/completed-by-sql.js';
import type { ParameterValues } from '../rules/domain/methods/method.js';
import type { LatePaymentRule, RepeatEnrolment } from './domain/class.js';

/** Every order updates `seats_taken`: half of each page is free for the next version of a row. */
export const ClassEntity = completedBySql(
  defineEntity({
    name: 'Class',
    tableName: 'classes',
    properties: {
      id: p.uuid().primary(),
      title: p.text(),
      description: p.text(),
      ruleId: p.uuid(),
      ruleVersion: p.integer(),
      parameters: column.jsonb<ParameterValues>(),
      timeZone: p.text(),
      currency: p.text(),
      capacity: p.integer().check('capacity >= 1').nullable(),
      seatsTaken: p.integer().check('seats_taken >= 0'),
      approvalRequired: p.boolean(),
      startDate: column.day().nullable(),
      endDate: column.day().nullable(),
      paymentWindowHours: p.integer().check('payment_window_hours >= 1'),
      publishedAt: column.instant(),
      latePayment: column
        .oneOf<LatePaymentRule>()
        .default('reopen')
        .check(among('late_payment', ['reopen', 'credit'])),
      paymentToleranceMinor: column.bigint().default(0).check('payment_tolerance_minor >= 0'),
      repeatEnrolment: column
        .oneOf<RepeatEnrolment>()
        .default('refused')
        .check(among('repeat_enrolment', ['refused', 'allowed'])),
    },
    checks: [
      { name: 'classes_dates', expression: 'end_date >= start_date' },
      { name: 'classes_seats', expression: 'seats_taken <= capacity' },
    ],
  }),
  'alter table classes add foreign key (rule_id, rule_version) references rule_versions, set (fillfactor = 50)',
);

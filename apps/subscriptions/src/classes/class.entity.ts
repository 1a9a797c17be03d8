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
      titleWords: column.ascii().default('').comment('The words of the title for searches: see wordsOf.'),
      startsOn: column
        .day()
        .default('9999-12-31')
        .comment('The first day, or the last of all days where orders start at once.'),
      endsAt: column.instant().nullable().comment('The end of the last day in the zone of the class.'),
    },
    checks: [
      { name: 'classes_dates', expression: 'end_date >= start_date' },
      { name: 'classes_seats', expression: 'seats_taken <= capacity' },
    ],
    indexes: [
      {
        name: 'classes_words',
        expression: `create index classes_words on classes using gin (array_to_tsvector(string_to_array(title_words, ' ')))`,
      },
      { name: 'classes_by_title', properties: ['titleWords', 'id'] },
      { name: 'classes_by_start', properties: ['startsOn', 'id'] },
    ],
  }),
  'alter table classes add foreign key (rule_id, rule_version) references rule_versions, set (fillfactor = 50)',
);

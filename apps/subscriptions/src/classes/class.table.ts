import { defineEntity, p } from '@mikro-orm/core';
import { CalendarDayColumn, InstantColumn } from '#persistence/column-types.js';
import type { ParameterValues } from '../rules/domain/methods/method.js';
import { PublishedClass } from './domain/class.js';

export const ClassTable = defineEntity({
  class: PublishedClass,
  tableName: 'classes',
  properties: {
    id: p.uuid().primary(),
    title: p.text(),
    description: p.text(),
    ruleId: p.uuid(),
    ruleVersion: p.integer(),
    parameters: p.json<ParameterValues>(),
    timeZone: p.text(),
    currency: p.text(),
    capacity: p.integer().nullable(),
    seatsTaken: p.integer(),
    approvalRequired: p.boolean(),
    startDate: p.type(CalendarDayColumn).$type<Temporal.PlainDate>().nullable(),
    endDate: p.type(CalendarDayColumn).$type<Temporal.PlainDate>().nullable(),
    paymentWindowHours: p.integer(),
    publishedAt: p.type(InstantColumn).$type<Temporal.Instant>(),
  },
});

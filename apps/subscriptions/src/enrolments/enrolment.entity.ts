import { defineEntity, p } from '@mikro-orm/postgresql';
import { column } from '#persistence/entities/columns.js';

/** The primary key allows one enrolment per order. */
export const EnrolmentEntity = defineEntity({
  name: 'Enrolment',
  tableName: 'enrolments',
  properties: {
    orderId: p.uuid().primary(),
    id: p.uuid(),
    personId: p.uuid(),
    classId: p.uuid(),
    startDate: column.day(),
    endDate: column.day().nullable(),
    enrolledAt: column.instant(),
    leftOn: column.day().nullable(),
  },
  checks: [{ name: 'enrolments_dates', expression: 'end_date >= start_date' }],
  indexes: [
    { name: 'enrolments_of_person', properties: ['personId', 'id'] },
    { name: 'enrolments_of_class', properties: ['classId', 'id'] },
  ],
});

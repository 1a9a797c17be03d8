import type { z } from 'zod';
import type { enrolment as enrolmentContract, student as studentContract } from '#contracts/subscriptions/classes.js';
import { personView } from '../persons/person-view.js';
import type { EnrolledPerson, EnrolmentInClass } from './enrolments.store.js';

export type EnrolmentView = z.output<typeof enrolmentContract>;
export type StudentView = z.output<typeof studentContract>;

export function enrolmentView(enrolment: EnrolmentInClass): EnrolmentView {
  return {
    enrolment_id: enrolment.id,
    order_id: enrolment.orderId,
    class_id: enrolment.classId,
    class_title: enrolment.classTitle,
    start_date: enrolment.startDate.toString(),
    end_date: enrolment.endDate?.toString() ?? null,
    enrolled_at: enrolment.enrolledAt.toString(),
  };
}

export function studentView({ person, orderId, startDate, endDate, enrolledAt }: EnrolledPerson): StudentView {
  return {
    person: personView(person),
    order_id: orderId,
    start_date: startDate.toString(),
    end_date: endDate?.toString() ?? null,
    enrolled_at: enrolledAt.toString(),
  };
}

import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { listEnrolments, listStudents } from '#contracts/subscriptions/classes.js';
import type { QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { mapPage } from '#persistence/paging.js';
import { ClassesStore } from '../classes/classes.store.js';
import { classNotFound } from '../classes/domain/class.js';
import { personNotFound } from '../persons/domain/person.js';
import { PersonsStore } from '../persons/persons.store.js';
import { enrolmentView, studentView } from './enrolment-view.js';
import { EnrolmentsStore } from './enrolments.store.js';

@Controller()
export class EnrolmentsConsumer {
  constructor(
    private readonly enrolments: EnrolmentsStore,
    private readonly persons: PersonsStore,
    private readonly classes: ClassesStore,
  ) {}

  @MessagePattern<string>(listEnrolments.type)
  listEnrolments(
    @Payload(batchOf(listEnrolments)) batch: QueryOf<typeof listEnrolments>[],
  ): Promise<ReplyOf<typeof listEnrolments>[]> {
    return answerEach(batch, async ({ data }) => {
      if (!(await this.persons.find(data.person_id))) throw personNotFound();
      return mapPage(await this.enrolments.ofPerson(data.person_id, data), enrolmentView);
    });
  }

  @MessagePattern<string>(listStudents.type)
  listStudents(
    @Payload(batchOf(listStudents)) batch: QueryOf<typeof listStudents>[],
  ): Promise<ReplyOf<typeof listStudents>[]> {
    return answerEach(batch, async ({ data }) => {
      if (!(await this.classes.find(data.class_id))) throw classNotFound();
      return mapPage(await this.enrolments.ofClass(data.class_id, data), studentView);
    });
  }
}

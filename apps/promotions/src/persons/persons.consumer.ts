import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { personChanged, personRegistered } from '#contracts/subscriptions/persons.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { batchOf } from '#messaging/nest/batch-of.js';
import { ProjectPersons } from './project-persons.js';

/** Registrations and changes of persons from events of subscriptions. */
@Controller()
export class PersonsConsumer {
  constructor(private readonly projecting: ProjectPersons) {}

  @EventPattern<string>(personRegistered.type)
  onPersonRegistered(@Payload(batchOf(personRegistered)) batch: EnvelopeOf<typeof personRegistered>[]): Promise<void> {
    return this.projecting.execute(batch);
  }

  @EventPattern<string>(personChanged.type)
  onPersonChanged(@Payload(batchOf(personChanged)) batch: EnvelopeOf<typeof personChanged>[]): Promise<void> {
    return this.projecting.execute(batch);
  }
}

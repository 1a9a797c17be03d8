import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { personRegistered } from '#contracts/subscriptions/persons.js';
import type { EnvelopeOf } from '#messaging/envelope.js';
import { batchOf } from '#messaging/nest/batch-of.js';
import { AdmitPersons } from './admit-persons.js';

/** Events of persons: they are projected. */
@Controller()
export class PersonsConsumer {
  constructor(private readonly admitPersons: AdmitPersons) {}

  @EventPattern<string>(personRegistered.type)
  onPersonRegistered(@Payload(batchOf(personRegistered)) batch: EnvelopeOf<typeof personRegistered>[]): Promise<void> {
    return this.admitPersons.execute(batch);
  }
}

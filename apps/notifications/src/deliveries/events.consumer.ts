import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { publicEvents } from '#contracts/catalogue.js';
import type { Envelope } from '#messaging/envelope.js';
import { RecordEvents } from './record-events.js';

/** Every public event of the catalogue, by one handler: a batch has one type. */
@Controller()
export class EventsConsumer {
  constructor(private readonly recording: RecordEvents) {}

  @EventPattern<string[]>(publicEvents.map(({ type }) => type))
  onEvents(@Payload() batch: Envelope[]): Promise<void> {
    return this.recording.execute(batch);
  }
}

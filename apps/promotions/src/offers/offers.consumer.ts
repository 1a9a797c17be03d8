import { Controller } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { changeOffer, deleteOffer, getOffer, listOffers, registerOffer } from '#contracts/promotions/offers.js';
import { classChanged, classPublished } from '#contracts/subscriptions/classes.js';
import type { CommandOf, EnvelopeOf, QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { ChangeOffer } from './change-offer.js';
import { DeleteOffer } from './delete-offer.js';
import { ProjectClasses } from './project-classes.js';
import { ReadOffers } from './read-offers.js';
import { RegisterOffer } from './register-offer.js';

/** Offers: classes from events of subscriptions, and offers of external systems from commands of admins. */
@Controller()
export class OffersConsumer {
  constructor(
    private readonly projecting: ProjectClasses,
    private readonly registering: RegisterOffer,
    private readonly changing: ChangeOffer,
    private readonly deleting: DeleteOffer,
    private readonly offers: ReadOffers,
  ) {}

  @EventPattern<string>(classPublished.type)
  onClassPublished(@Payload(batchOf(classPublished)) batch: EnvelopeOf<typeof classPublished>[]): Promise<void> {
    return this.projecting.execute(batch);
  }

  @EventPattern<string>(classChanged.type)
  onClassChanged(@Payload(batchOf(classChanged)) batch: EnvelopeOf<typeof classChanged>[]): Promise<void> {
    return this.projecting.execute(batch);
  }

  @MessagePattern<string>(registerOffer.type)
  registerOffer(
    @Payload(batchOf(registerOffer)) batch: CommandOf<typeof registerOffer>[],
  ): Promise<ReplyOf<typeof registerOffer>[]> {
    return this.registering.execute(batch);
  }

  @MessagePattern<string>(changeOffer.type)
  changeOffer(
    @Payload(batchOf(changeOffer)) batch: CommandOf<typeof changeOffer>[],
  ): Promise<ReplyOf<typeof changeOffer>[]> {
    return this.changing.execute(batch);
  }

  @MessagePattern<string>(deleteOffer.type)
  deleteOffer(
    @Payload(batchOf(deleteOffer)) batch: CommandOf<typeof deleteOffer>[],
  ): Promise<ReplyOf<typeof deleteOffer>[]> {
    return this.deleting.execute(batch);
  }

  @MessagePattern<string>(getOffer.type)
  getOffer(@Payload(batchOf(getOffer)) batch: QueryOf<typeof getOffer>[]): Promise<ReplyOf<typeof getOffer>[]> {
    return answerEach(batch, ({ data }) => this.offers.one(data.offer_id));
  }

  @MessagePattern<string>(listOffers.type)
  listOffers(@Payload(batchOf(listOffers)) batch: QueryOf<typeof listOffers>[]): Promise<ReplyOf<typeof listOffers>[]> {
    return answerEach(batch, ({ data }) => this.offers.list(data));
  }
}

import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  changeCodeStatus,
  changePromoCode,
  createPromoCode,
  exportPromoCodes,
  getPromoCode,
  listCodeChanges,
  listCodePersons,
  listPromoCodes,
  previewHours,
  previewOpenings,
} from '#contracts/promotions/promo-codes.js';
import type { CommandOf, QueryOf, ReplyOf } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { ChangeCode } from './change-code.js';
import { ChangeCodeStatus } from './change-code-status.js';
import { CreateCode } from './create-code.js';
import { ReadCodes } from './read-codes.js';

/** What admins do with promo codes. */
@Controller()
export class CodesConsumer {
  constructor(
    private readonly creating: CreateCode,
    private readonly changing: ChangeCode,
    private readonly changingStatus: ChangeCodeStatus,
    private readonly codes: ReadCodes,
  ) {}

  @MessagePattern<string>(createPromoCode.type)
  create(
    @Payload(batchOf(createPromoCode)) batch: CommandOf<typeof createPromoCode>[],
  ): Promise<ReplyOf<typeof createPromoCode>[]> {
    return this.creating.execute(batch);
  }

  @MessagePattern<string>(changePromoCode.type)
  change(
    @Payload(batchOf(changePromoCode)) batch: CommandOf<typeof changePromoCode>[],
  ): Promise<ReplyOf<typeof changePromoCode>[]> {
    return this.changing.execute(batch);
  }

  @MessagePattern<string>(changeCodeStatus.type)
  move(
    @Payload(batchOf(changeCodeStatus)) batch: CommandOf<typeof changeCodeStatus>[],
  ): Promise<ReplyOf<typeof changeCodeStatus>[]> {
    return this.changingStatus.execute(batch);
  }

  @MessagePattern<string>(getPromoCode.type)
  get(@Payload(batchOf(getPromoCode)) batch: QueryOf<typeof getPromoCode>[]): Promise<ReplyOf<typeof getPromoCode>[]> {
    return answerEach(batch, ({ data }) => this.codes.one(data.code_id));
  }

  @MessagePattern<string>(listPromoCodes.type)
  list(
    @Payload(batchOf(listPromoCodes)) batch: QueryOf<typeof listPromoCodes>[],
  ): Promise<ReplyOf<typeof listPromoCodes>[]> {
    return answerEach(batch, ({ data }) => this.codes.list(data));
  }

  @MessagePattern<string>(exportPromoCodes.type)
  export(
    @Payload(batchOf(exportPromoCodes)) batch: QueryOf<typeof exportPromoCodes>[],
  ): Promise<ReplyOf<typeof exportPromoCodes>[]> {
    return answerEach(batch, ({ data }) => this.codes.export(data));
  }

  @MessagePattern<string>(listCodeChanges.type)
  changes(
    @Payload(batchOf(listCodeChanges)) batch: QueryOf<typeof listCodeChanges>[],
  ): Promise<ReplyOf<typeof listCodeChanges>[]> {
    return answerEach(batch, ({ data }) => this.codes.changes(data));
  }

  @MessagePattern<string>(listCodePersons.type)
  persons(
    @Payload(batchOf(listCodePersons)) batch: QueryOf<typeof listCodePersons>[],
  ): Promise<ReplyOf<typeof listCodePersons>[]> {
    return answerEach(batch, ({ data }) => this.codes.persons(data));
  }

  @MessagePattern<string>(previewOpenings.type)
  openings(
    @Payload(batchOf(previewOpenings)) batch: QueryOf<typeof previewOpenings>[],
  ): Promise<ReplyOf<typeof previewOpenings>[]> {
    return answerEach(batch, ({ data }) => this.codes.openings(data));
  }

  @MessagePattern<string>(previewHours.type)
  previewHours(
    @Payload(batchOf(previewHours)) batch: QueryOf<typeof previewHours>[],
  ): Promise<ReplyOf<typeof previewHours>[]> {
    return answerEach(batch, async ({ data }) => this.codes.previewHours(data));
  }
}

import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  changeClass,
  createClass,
  findClasses,
  getClass,
  listClasses,
  quoteClass,
  quoteDiscountedClass,
} from '#contracts/subscriptions/classes.js';
import type { CommandOf, QueryOf, ReplyOf, Unavailable } from '#messaging/envelope.js';
import { answerEach, batchOf } from '#messaging/nest/batch-of.js';
import { ChangeClass } from './change-class.js';
import { CreateClass } from './create-class.js';
import { QuoteDiscountedClass } from './quote-discounted-class.js';
import { ReadClasses } from './read-classes.js';

@Controller()
export class ClassesConsumer {
  constructor(
    private readonly creating: CreateClass,
    private readonly changing: ChangeClass,
    private readonly classes: ReadClasses,
    private readonly quoting: QuoteDiscountedClass,
  ) {}

  @MessagePattern<string>(createClass.type)
  createClass(
    @Payload(batchOf(createClass)) batch: CommandOf<typeof createClass>[],
  ): Promise<ReplyOf<typeof createClass>[]> {
    return this.creating.execute(batch);
  }

  @MessagePattern<string>(changeClass.type)
  changeClass(
    @Payload(batchOf(changeClass)) batch: CommandOf<typeof changeClass>[],
  ): Promise<ReplyOf<typeof changeClass>[]> {
    return this.changing.execute(batch);
  }

  @MessagePattern<string>(getClass.type)
  getClass(@Payload(batchOf(getClass)) batch: QueryOf<typeof getClass>[]): Promise<ReplyOf<typeof getClass>[]> {
    return answerEach(batch, ({ data }) => this.classes.one(data.class_id));
  }

  @MessagePattern<string>(findClasses.type)
  findClasses(
    @Payload(batchOf(findClasses)) batch: QueryOf<typeof findClasses>[],
  ): Promise<ReplyOf<typeof findClasses>[]> {
    return answerEach(batch, async ({ data }) => ({ classes: await this.classes.offered(data.class_ids) }));
  }

  @MessagePattern<string>(listClasses.type)
  listClasses(
    @Payload(batchOf(listClasses)) batch: QueryOf<typeof listClasses>[],
  ): Promise<ReplyOf<typeof listClasses>[]> {
    return answerEach(batch, ({ data: { search, available, starts_from: day, sort, ...paging } }) => {
      const startsFrom = day === undefined ? undefined : Temporal.PlainDate.from(day);
      return this.classes.list({ search, available, startsFrom, sort }, paging);
    });
  }

  @MessagePattern<string>(quoteClass.type)
  quoteClass(@Payload(batchOf(quoteClass)) batch: QueryOf<typeof quoteClass>[]): Promise<ReplyOf<typeof quoteClass>[]> {
    return answerEach(batch, ({ data }) => this.classes.quote(data));
  }

  @MessagePattern<string>(quoteDiscountedClass.type)
  quoteDiscountedClass(
    @Payload(batchOf(quoteDiscountedClass)) batch: QueryOf<typeof quoteDiscountedClass>[],
  ): Promise<(ReplyOf<typeof quoteDiscountedClass> | Unavailable)[]> {
    return this.quoting.execute(batch);
  }
}

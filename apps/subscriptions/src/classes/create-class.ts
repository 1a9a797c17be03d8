import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import { classPublished, type createClass } from '#contracts/subscriptions/classes.js';
import { Clock } from '#kernel/clock.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { newEvent, Outbox } from '#messaging/publishing/outbox.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { answered } from '#messaging/requests/replies.js';
import { sequentially } from '#messaging/requests/sequentially.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { type ClassView, classView, offeredClass } from './class-view.js';
import { dayOf } from './domain/days.js';
import { ClassCatalogue } from './steps/class-catalogue.js';

type Request = RequestOf<typeof createClass>;

/** Publishes classes with the newest version of their rule. Refuses with the codes of `ClassCatalogue.add`. */
@Injectable()
export class CreateClass {
  constructor(
    private readonly transactions: Transactions,
    private readonly commands: CommandLog,
    private readonly catalogue: ClassCatalogue,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  execute(batch: readonly Command<Request>[]): Promise<Reply<ClassView>[]> {
    return this.transactions.run((tx) =>
      this.commands.answer(tx, batch, async (fresh) => {
        const replies = await sequentially(fresh, ({ data }) => this.publish(tx, data));
        const events = answered(fresh, replies).map(({ command, answer }) =>
          newEvent(classPublished, { subject: answer.class_id, data: offeredClass(answer), cause: command }),
        );
        await this.outbox.add(tx, events);
        return replies;
      }),
    );
  }

  private async publish(tx: Tx, data: Request): Promise<ClassView> {
    const terms = {
      title: data.title,
      description: data.description,
      parameters: data.parameters,
      timeZone: data.time_zone,
      currency: data.currency,
      capacity: data.capacity,
      approvalRequired: data.approval_required,
      startDate: dayOf(data.start_date),
      endDate: dayOf(data.end_date),
      paymentWindowHours: data.payment_window_hours,
      repeatEnrolment: data.repeat_enrolment,
      latePayment: data.late_payment,
      paymentToleranceMinor: data.payment_tolerance_minor,
    };
    const now = this.clock.now();
    const { published, rule } = await this.catalogue.add(tx, data.rule_id, terms, now);
    return classView(published, rule, now);
  }
}

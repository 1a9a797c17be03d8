import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts/contract.js';
import { type changeClass, classChanged } from '#contracts/subscriptions/classes.js';
import { Clock } from '#kernel/clock.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { newEvent, Outbox } from '#messaging/publishing/outbox.js';
import { CommandLog } from '#messaging/requests/command-log.js';
import { answered } from '#messaging/requests/replies.js';
import { sequentially } from '#messaging/requests/sequentially.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { type ClassView, classView, offeredClass } from './class-view.js';
import { type ClassTerms, classNotFound, type PublishedClass } from './domain/class.js';
import { dayOf } from './domain/days.js';
import { ClassCatalogue } from './steps/class-catalogue.js';

type Request = RequestOf<typeof changeClass>;

/** Changes a class for future orders, under its lock, so that every order sees it before or after the change. */
@Injectable()
export class ChangeClass {
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
        const ids = fresh.map(({ data }) => data.class_id);
        const locked = await this.catalogue.lock(tx, ids);
        const replies = await sequentially(fresh, ({ data }) => this.change(tx, locked, data));
        const changedAt = this.clock.now().toString();
        const events = answered(fresh, replies).map(({ command, answer }) => {
          const data = { ...offeredClass(answer), changed_at: changedAt };
          return newEvent(classChanged, { subject: answer.class_id, data, cause: command });
        });
        await this.outbox.add(tx, events);
        return replies;
      }),
    );
  }

  /** The changed class replaces the locked one, so that a later command of the batch changes it further. */
  private async change(tx: Tx, locked: Map<string, PublishedClass>, data: Request): Promise<ClassView> {
    const published = locked.get(data.class_id);
    if (!published) throw classNotFound();
    const ruleId = data.rule_id ?? published.ruleId;
    const { published: after, rule } = await this.catalogue.change(tx, published, ruleId, changed(published, data));
    locked.set(after.id, after);
    return classView(after, rule, this.clock.now());
  }
}

/** The terms after the change: a property that is absent stays, a null replaces. */
function changed(published: PublishedClass, data: Request): ClassTerms {
  return {
    title: data.title ?? published.title,
    description: data.description ?? published.description,
    parameters: data.parameters ?? published.parameters,
    timeZone: data.time_zone ?? published.timeZone,
    currency: published.currency,
    capacity: data.capacity === undefined ? published.capacity : data.capacity,
    approvalRequired: data.approval_required ?? published.approvalRequired,
    startDate: data.start_date === undefined ? published.startDate : dayOf(data.start_date),
    endDate: data.end_date === undefined ? published.endDate : dayOf(data.end_date),
    paymentWindowHours: data.payment_window_hours ?? published.paymentWindowHours,
    latePayment: data.late_payment ?? published.latePayment,
    repeatEnrolment: data.repeat_enrolment ?? published.repeatEnrolment,
    paymentToleranceMinor: data.payment_tolerance_minor ?? published.paymentToleranceMinor,
  };
}
